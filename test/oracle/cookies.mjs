/** The cookie half of the oracle runner: cases of `browser-oracle/cookies@1` against the built engine. */
import { createCookieJar } from '../../dist/verdicts/cookies/jar.js';
import { isMixedContent } from '../../dist/verdicts/cors/mixed-content.js';
import { predictCase } from './cookie-cases.mjs';

export { compare } from './cookie-cases.mjs';

/** @returns `{id, lines: [{line, verdict, reasons}], follow: [{cookieHeader, documentCookie, notSent}]}` */
export function predict(item, head) {
  return predictCase({ createCookieJar, isMixedContent }, item, head);
}
