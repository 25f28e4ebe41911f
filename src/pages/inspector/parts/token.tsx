import { claimLines } from '../model/claims.ts';
import type { TokenView } from '../shapes.ts';
import { Life } from './life.tsx';

/** A decoded JWT: what is left of it, its claims, its header. The signature is not shown. */
export function Token({ token }: { readonly token: Omit<TokenView, 'where'> }) {
  return (
    <div class="token">
      <p>
        <Life issuedAt={token.issuedAt} expiresAt={token.expiresAt} />
      </p>
      <ClaimTable title="Claims" claims={token.claims} />
      <ClaimTable title="Header" claims={token.header} />
    </div>
  );
}

function ClaimTable({ title, claims }: { readonly title: string; readonly claims: TokenView['claims'] }) {
  return (
    <table class="pairs">
      <caption>{title}</caption>
      <tbody>
        {claimLines(claims).map(({ name, value, meaning }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <code>{value}</code>
              {meaning !== null && <span class="soft"> {meaning}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
