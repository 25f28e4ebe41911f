import { fromHeaders } from '../cookies/from-headers.ts';
import { createCookieJar } from '../cookies/jar.ts';
import type { LineVerdict } from '../cookies/types.ts';
import { asBytes } from './answer-cookies.ts';
import { answerHeaders, type Sight } from './sight.ts';

/** More lines than an answer of a working backend has; one that has is not judged to its end. */
const LINES = 60;

const judged = new WeakMap<Sight, readonly LineVerdict[]>();

/** What a browser makes of each Set-Cookie line of an answer, by the engine's cookie rules; judged once for all rules. */
export function lineVerdicts(sight: Sight): readonly LineVerdict[] {
  if (sight.setCookie.length === 0 || !URL.canParse(sight.exchange.url)) return NONE;
  const before = judged.get(sight);
  if (before !== undefined) return before;
  const verdicts = judge(sight);
  judged.set(sight, verdicts);
  return verdicts;
}

const NONE: readonly LineVerdict[] = [];

function judge(sight: Sight): readonly LineVerdict[] {
  const headers: Record<string, string> = {};
  for (const [name, value] of sight.exchange.requestHeaders) headers[name.toLowerCase()] ??= value;
  const guess = fromHeaders(sight.exchange.url, sight.exchange.method, headers);
  // A jar of its own: what the browser holds already is not known, and decides over plain http only.
  const jar = createCookieJar({ thirdPartyCookies: guess.thirdPartyCookies ?? 'allowed' });
  const [date] = answerHeaders(sight, 'date');
  const response = {
    request: guess.request,
    setCookie: sight.setCookie.slice(0, LINES).map(asBytes),
    clearSiteData: answerHeaders(sight, 'clear-site-data'),
    ...(date === undefined ? {} : { date }),
  };
  return jar.receive(response, sight.end);
}

/** The name in a Set-Cookie line. Of a nameless cookie the text before any `=` is its value, and no name. */
export function nameOfLine(line: string): string {
  const [pair = ''] = line.split(';', 1);
  const equals = pair.indexOf('=');
  return equals === -1 ? '' : pair.slice(0, equals).trim();
}
