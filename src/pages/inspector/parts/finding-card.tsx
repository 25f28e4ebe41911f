import { countOf, formatTime } from '../model/format.ts';
import type { DescribedFinding } from '../shapes.ts';
import { CopyButton } from './copy-button.tsx';
import { ExchangeLink } from './exchange-link.tsx';
import { Mark } from './mark.tsx';

const LOOKS = {
  error: { icon: 'cross', tone: 'bad' },
  warning: { icon: 'warning', tone: 'warn' },
  info: { icon: 'info', tone: 'plain' },
} as const;

interface FindingCardProps {
  readonly finding: DescribedFinding;
  /** Without the links where the card already stands below its exchange. */
  readonly withExchanges?: boolean;
}

/** A finding: what was seen, why that is a mistake, and how to mend it. */
export function FindingCard({ finding, withExchanges = true }: FindingCardProps) {
  const { code, severity, title, host, evidence, cause, reason, source, count } = finding;
  return (
    <article class={`card finding ${severity}`} aria-label={`${code} ${title}`}>
      <p class="card-head">
        <Mark {...LOOKS[severity]} text={severity} title={`Severity: ${severity}`} />
        <code class="code">{code}</code>
        <strong>{title}</strong>
      </p>
      <p class="soft">
        {host !== '' && `${host}, `}
        {countOf(count, 'time')}, last at {formatTime(finding.lastAt)}
        {reason !== null && (
          <>
            , Chromium says <code>{reason}</code>
          </>
        )}
      </p>
      <p class="evidence">{evidence}</p>
      <p>
        <span class="label">Why</span> {cause}
      </p>
      <Fixes finding={finding} />
      <p class="soft source">{source}</p>
      {withExchanges && finding.exchanges.length > 0 && (
        <p class="links">
          <span class="label">Seen in</span>
          {finding.exchanges.map((id) => (
            <ExchangeLink id={id} key={id} />
          ))}
        </p>
      )}
    </article>
  );
}

function Fixes({ finding: { fixes, code } }: { readonly finding: DescribedFinding }) {
  if (fixes.length === 0) return null;
  return (
    <ul class="fixes" aria-label={`Fixes for ${code}`}>
      {fixes.map(({ place, text }, at) => (
        <li key={at}>
          <span class="label">{place}</span>
          <code>{text}</code>
          <CopyButton text={text} what={`the fix for ${place}`} />
        </li>
      ))}
    </ul>
  );
}
