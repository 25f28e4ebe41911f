import type { CheckReport, CheckTask } from '../types.ts';

/** What a run needs to go on once the page was loaded again. No secret is in it. */
export interface Pause {
  readonly run: string;
  readonly report: CheckReport;
  readonly browserChecks: CheckTask['browserChecks'];
}

const KEY = 'jwt-dev-check-run';

export function keep(pause: Pause): void {
  sessionStorage.setItem(KEY, JSON.stringify(pause));
}

/** Takes it out again: a page that is loaded once more does not go on from there. */
export function takeUp(run: string): Pause | undefined {
  const text = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (text === null) return undefined;
  const pause = JSON.parse(text) as Pause;
  return pause.run === run ? pause : undefined;
}
