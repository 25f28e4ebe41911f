import { Empty } from '../parts/empty.tsx';
import { Token } from '../parts/token.tsx';
import type { TokenView } from '../shapes.ts';

/** The JWTs of the exchange, decoded. */
export function TokensPart({ tokens }: { readonly tokens: readonly TokenView[] }) {
  if (tokens.length === 0)
    return <Empty title="No tokens">There is no JWT in its cookies, headers and bodies.</Empty>;
  return (
    <ul class="cards">
      {tokens.map((token, at) => (
        <li class="card" key={at}>
          <h3>{token.where}</h3>
          <Token token={token} />
        </li>
      ))}
    </ul>
  );
}
