import { FINDINGS } from '../../verdicts/findings/table.ts';
import type { FixPlace } from '../../verdicts/findings/types.ts';
import type { CheckSettings, CheckStep, FindingCode } from './types.ts';

/** What came of trying something. */
export type Outcome = Pick<CheckStep, 'status' | 'detail' | 'fix' | 'code'>;

export const pass = (detail: string): Outcome => ({ status: 'pass', detail });
export const info = (detail: string): Outcome => ({ status: 'info', detail });
export const skip = (detail: string): Outcome => ({ status: 'skip', detail });
export const fail = (detail: string, fix: string): Outcome => ({ status: 'fail', detail, fix });

/** What somebody in front of a browser can do; the rest is for whoever writes the backend. */
const BY_VISITOR: readonly FixPlace[] = ['browser', 'terminal'];

/**
 * A failure that is a known finding: why, and what to do, in that finding's words with the hosts of this environment.
 * @param places whose fixes are wanted.
 */
export function failAs(
  code: FindingCode,
  detail: string,
  settings: Pick<CheckSettings, 'frontend' | 'api'>,
  places: readonly FixPlace[] = BY_VISITOR,
): Outcome {
  const { cause, fixes } = FINDINGS[code];
  const wanted = fixes.filter(({ place }) => places.includes(place)).slice(0, 2);
  const what = wanted.map(({ place, text }) => `Fix (${place}): ${text}`).join(' \u00b7 ');
  return { status: 'fail', detail, fix: fitted(`${cause} ${what}`.trim(), settings), code };
}

function fitted(text: string, { frontend, api }: Pick<CheckSettings, 'frontend' | 'api'>): string {
  return text.replaceAll('https://api.example.com', api).replaceAll('https://example.com', frontend);
}
