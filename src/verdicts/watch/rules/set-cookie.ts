import type { CookieReason } from '../../cookies/reasons.ts';
import type { LineVerdict } from '../../cookies/types.ts';
import { findingForCookieReason, findingForSilentReason } from '../../findings/chromium-names.ts';
import type { Finding } from '../../findings/types.ts';
import { answerCookies } from '../answer-cookies.ts';
import { refusalWords } from '../cookie-words.ts';
import { lineVerdicts, nameOfLine } from '../line-verdicts.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import type { Sight } from '../sight.ts';
import { cookieName, requestLine } from '../words.ts';

/** JD440 to JD446: Set-Cookie lines that a browser refuses, by the engine's cookie rules, with Chromium's reason. */
export const setCookie: Rule = (sight) => {
  if (sight.setCookie.length === 0 || !sight.exchange.fromBackend) return NONE;
  return lineVerdicts(sight)
    .filter((verdict) => !isClearedAnyway(verdict, sight.setCookie[verdict.line] ?? '', sight))
    .flatMap((verdict) => toFindings(sight, sight.setCookie[verdict.line] ?? '', verdict));
};

/** Clear-Site-Data refuses the Set-Cookie lines beside it; a deletion among them has come true all the same. */
function isClearedAnyway({ reasons }: LineVerdict, line: string, sight: Sight): boolean {
  if (reasons.length !== 1 || reasons[0] !== 'SyntaxError') return false;
  return answerCookies(sight).some(({ name, deletes }) => deletes && name === nameOfLine(line));
}

function toFindings(sight: Sight, line: string, verdict: LineVerdict): readonly Finding[] {
  return refusals(sight, verdict).map(([code, reason]) => {
    const name = nameOfLine(line);
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
