import type { Context } from '../context.ts';
import type { StoredFinding } from '../environment/watch/finding-store.ts';
import type { FindingsReport } from '../environment/watch/traffic-watch.ts';
import { describeFinding, formatFinding, formatHead } from '../verdicts/findings/format.ts';

export interface FindingReporter {
  readonly onFinding: (finding: StoredFinding) => void;
  /** From now on findings are shown as they come; those before come now. */
  readonly open: () => void;
}

/** A mistake that every path of an API shows must not bury all the rest. */
const SHOWN_OF_A_CODE = 10;

/**
 * Shows findings: with `--json` as lines of it, else in the conversation, where one that comes up again is a line with its
 * count. The ready line is what scripts take for the first one, so nothing is shown before it. In the log of a detached
 * environment they are text: people read it.
 */
export function findingReporter({
  output,
  isDetached,
  self,
}: Pick<Context, 'output' | 'isDetached' | 'self'>): FindingReporter {
  const show = (finding: StoredFinding): void => {
    const described = describeFinding(finding, finding);
    if (output.json && !isDetached) {
      output.event({ event: 'finding', ...described });
      return;
    }
    const text = finding.count === 1 ? textOfNew(finding) : formatHead(described);
    if (text === undefined) return;
    if (described.severity === 'info') output.info(text);
    else output.warn(text);
  };
  /** How many different findings of a code were shown. */
  const shown = new Map<string, number>();
  const textOfNew = (finding: StoredFinding): string | undefined => {
    const before = shown.get(finding.code) ?? 0;
    shown.set(finding.code, before + 1);
    if (before < SHOWN_OF_A_CODE) return formatFinding(finding).join('\n');
    return before === SHOWN_OF_A_CODE
      ? `${finding.code} comes up in many places; from here on it is only counted. See: ${self.typed} status`
      : undefined;
  };
  let early: StoredFinding[] | undefined = [];
  return {
    onFinding: (finding) => {
      if (early === undefined) show(finding);
      else early.push(finding);
    },
    open: () => {
      for (const finding of early ?? []) show(finding);
      early = undefined;
    },
  };
}

/** `3 findings: JD102 x 12, JD214 x 1`; undefined: there is nothing to say. */
export function findingsSummary({ findings, skipped }: FindingsReport): string | undefined {
  const counts = new Map<string, number>();
  for (const { code, count } of findings) counts.set(code, (counts.get(code) ?? 0) + count);
  const sentences = [
    findings.length === 0
      ? ''
      : `${findings.length === 1 ? '1 finding' : `${findings.length} findings`}: ${[...counts]
          .map(([code, count]) => `${code} x ${count}`)
          .join(', ')}`,
    skipped === 0 ? '' : `${skipped} exchanges came too fast to be looked at`,
  ].filter((sentence) => sentence !== '');
  return sentences.length === 0 ? undefined : sentences.join('; ');
}
