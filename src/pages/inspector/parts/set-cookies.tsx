import type { SetCookieView } from '../shapes.ts';
import type { IconName } from './icon-paths.ts';
import { Mark } from './mark.tsx';

const LOOKS: Readonly<
  Record<SetCookieView['verdict'], { readonly icon: IconName; readonly tone: 'good' | 'bad' | 'plain' }>
> = {
  stored: { icon: 'check', tone: 'good' },
  deleted: { icon: 'check', tone: 'good' },
  refused: { icon: 'cross', tone: 'bad' },
  replaced: { icon: 'dash', tone: 'plain' },
  ignored: { icon: 'dash', tone: 'plain' },
};

/** The Set-Cookie lines of an answer, each with what a browser makes of it, and why. */
export function SetCookies({ cookies }: { readonly cookies: readonly SetCookieView[] }) {
  return (
    <ul class="cards">
      {cookies.map(({ line, name, verdict, reasons, why, warnings }, at) => (
        <li class="card" key={at}>
          <p class="card-head">
            <strong>{name === '' ? '(no name)' : name}</strong>
            <Mark {...LOOKS[verdict]} text={verdict} title={`A browser's verdict: ${verdict}`} />
            {reasons.map((reason) => (
              <code key={reason}>{reason}</code>
            ))}
          </p>
          {why !== null && <p>{why}</p>}
          {warnings.map((warning) => (
            <p class="soft" key={warning}>
              {warning}
            </p>
          ))}
          <code class="line">{line}</code>
        </li>
      ))}
    </ul>
  );
}
