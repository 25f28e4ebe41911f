import { fromHeaders } from '../../cookies/from-headers.ts';
import { createCookieJar } from '../../cookies/jar.ts';
import type { CookieReason } from '../../cookies/reasons.ts';
import type { LineVerdict } from '../../cookies/types.ts';
import { findingForCookieReason, findingForSilentReason } from '../../findings/chromium-names.ts';
import type { Finding } from '../../findings/types.ts';
import { answerCookies, asBytes } from '../answer-cookies.ts';
import { refusalWords } from '../cookie-words.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { answerHeaders, type Sight } from '../sight.ts';
import { cookieName, requestLine } from '../words.ts';

/** More lines than an answer of a working backend has; one that has is not judged to its end. */
const LINES = 60;

/** JD440 to JD446: Set-Cookie lines that a browser refuses, by the engine's cookie rules, with Chromium's reason. */
export const setCookie: Rule = (sight) => {
  if (sight.setCookie.length === 0 || !sight.exchange.fromBackend) return NONE;
  if (!URL.canParse(sight.exchange.url)) return NONE;
  const headers: Record<string, string> = {};
  for (const [name, value] of sight.exchange.requestHeaders) headers[name.toLowerCase()] ??= value;
  const guess = fromHeaders(sight.exchange.url, sight.exchange.method, headers);
  // A jar of its own: what the browser holds already is not known, and decides over plain http only.
  const jar = createCookieJar({ thirdPartyCookies: guess.thirdPartyCookies ?? 'allowed' });
  const lines = sight.setCookie.slice(0, LINES);
  const [date] = answerHeaders(sight, 'date');
  const response = {
    request: guess.request,
    setCookie: lines.map(asBytes),
    clearSiteData: answerHeaders(sight, 'clear-site-data'),
    ...(date === undefined ? {} : { date }),
  };
  return jar
    .receive(response, sight.end)
    .filter((verdict) => !isClearedAnyway(verdict, lines[verdict.line] ?? '', sight))
    .flatMap((verdict) => toFindings(sight, lines[verdict.line] ?? '', verdict));
};

/** Clear-Site-Data refuses the Set-Cookie lines beside it; a deletion among them has come true all the same. */
function isClearedAnyway({ reasons }: LineVerdict, line: string, sight: Sight): boolean {
  if (reasons.length !== 1 || reasons[0] !== 'SyntaxError') return false;
  return answerCookies(sight).some(({ name, deletes }) => deletes && name === nameOf(line));
}

function toFindings(sight: Sight, line: string, verdict: LineVerdict): readonly Finding[] {
  return refusals(sight, verdict).map(([code, reason]) => {
    const name = nameOf(line);
    return findingOf(code, sight, {
      evidence: `${requestLine(sight)}: the Set-Cookie of ${cookieName(name)} is refused: ${refusalWords(reason, line, sight)} (${reason}).`,
      subject: cookieName(name),
      reason,
    });
  });
}

type Refusal = readonly [code: Finding['code'], reason: string];

function refusals(sight: Sight, verdict: LineVerdict): readonly Refusal[] {
  if (verdict.verdict === 'silently-dropped' && verdict.silentReason !== undefined) {
    return [[findingForSilentReason(verdict.silentReason), verdict.silentReason]];
  }
  const byCode = new Map<Finding['code'], CookieReason>();
  for (const reason of verdict.reasons) {
    const code = findingForCookieReason(reason);
    // Only a browser knows what page it was; a Referer that curl sends says nothing of sites.
    if (code === null || (code === 'JD445' && sight.fetchSite !== 'cross-site')) continue;
    if (!byCode.has(code)) byCode.set(code, reason);
  }
  return [...byCode];
}

/** Of a nameless cookie the text before any `=` is its value, and no name. */
function nameOf(line: string): string {
  const [pair = ''] = line.split(';', 1);
  const equals = pair.indexOf('=');
  return equals === -1 ? '' : pair.slice(0, equals).trim();
}
