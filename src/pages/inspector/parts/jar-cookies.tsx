import type { JarCookie } from '../shapes.ts';
import { ExchangeLink } from './exchange-link.tsx';
import { Life } from './life.tsx';
import { Token } from './token.tsx';

/** The cookies of a jar with all that decides where they go and how long they stay. */
export function JarCookies({ cookies }: { readonly cookies: readonly JarCookie[] }) {
  return (
    <ul class="cards">
      {cookies.map((cookie) => (
        <li
          class="card cookie"
          key={`${cookie.name} ${cookie.domain} ${cookie.path} ${cookie.partition ?? ''}`}
        >
          <p class="card-head">
            <strong>{cookie.name === '' ? '(no name)' : cookie.name}</strong>
            <span class="soft">
              {cookie.domain}
              {cookie.path}
            </span>
            {cookie.expiresAt === null ? (
              <span class="soft">until the browser closes</span>
            ) : (
              <Life issuedAt={cookie.token?.issuedAt ?? null} expiresAt={cookie.expiresAt} />
            )}
          </p>
          <code class="line">{cookie.value}</code>
          <p class="attributes">
            {attributesOf(cookie).map((attribute) => (
              <span class="attribute" key={attribute}>
                {attribute}
              </span>
            ))}
            <span class="set-by">
              {cookie.setBy === null ? (
                <span class="soft">only seen in requests</span>
              ) : (
                <>
                  <span class="label">Set by</span> <ExchangeLink id={cookie.setBy} />
                </>
              )}
            </span>
          </p>
          {cookie.token !== null && (
            <details>
              <summary>Decoded token</summary>
              <Token token={cookie.token} />
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function attributesOf(cookie: JarCookie): readonly string[] {
  const { hostOnly, secure, httpOnly, sameSite, partition } = cookie;
  return [
    hostOnly ? 'host only' : 'and subdomains',
    ...(secure ? ['Secure'] : []),
    ...(httpOnly ? ['HttpOnly'] : []),
    sameSite === 'unspecified' ? 'SameSite not set: Lax' : `SameSite=${sameSite}`,
    ...(partition === null ? [] : [`partition ${partition}`]),
  ];
}
