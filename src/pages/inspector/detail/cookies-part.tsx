import type { ComponentChildren } from 'preact';
import { Mark } from '../parts/mark.tsx';
import { SetCookies } from '../parts/set-cookies.tsx';
import type { ExchangeDetail } from '../shapes.ts';

/** The cookies that came, those that stayed behind, and those of the answer. */
export function CookiesPart({ detail }: { readonly detail: ExchangeDetail }) {
  const { cookiesSent, cookiesKeptBack, cookiesSet } = detail;
  return (
    <>
      <Part title="Set by the answer" isEmpty={cookiesSet.length === 0}>
        <SetCookies cookies={cookiesSet} />
      </Part>
      <Part title="Sent" isEmpty={cookiesSent.length === 0}>
        <table class="pairs" aria-label="Sent cookies">
          <tbody>
            {cookiesSent.map(({ name, value, known }, at) => (
              <tr key={at}>
                <th scope="row">{name}</th>
                <td>
                  <code>{value}</code>
                  {!known && <span class="soft"> set before this run, or by a script</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Part>
      <Part title="Kept back by the browser" isEmpty={cookiesKeptBack.length === 0}>
        <ul class="cards">
          {cookiesKeptBack.map(({ name, domain, path, reasons, why }) => (
            <li class="card" key={`${name} ${domain} ${path}`}>
              <p class="card-head">
                <strong>{name}</strong>
                <Mark icon="cross" tone="warn" text="not sent" title="The browser did not send it" />
                {reasons.map((reason) => (
                  <code key={reason}>{reason}</code>
                ))}
              </p>
              <p>{why}</p>
              <p class="soft">
                {domain}
                {path}
              </p>
            </li>
          ))}
        </ul>
      </Part>
    </>
  );
}

interface PartProps {
  readonly title: string;
  readonly isEmpty: boolean;
  readonly children: ComponentChildren;
}

function Part({ title, isEmpty, children }: PartProps) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {isEmpty ? <p class="soft">None.</p> : children}
    </section>
  );
}
