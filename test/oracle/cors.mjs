/** The CORS half of the oracle runner: cases of `browser-oracle/cors@1` against the built engine. */
import { createFetchJudge } from '../../dist/verdicts/cors/judge.js';
import { predictCase } from './cors-cases.mjs';

export { compare } from './cors-cases.mjs';

/** @returns `{id, readable, corsError, failedParameter, preflights, cookieSent}`, or `{id, steps}` where a case has several. */
export function predict(item) {
  return predictCase(createFetchJudge, item);
}
