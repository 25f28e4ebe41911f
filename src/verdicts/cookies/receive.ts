import { type Answer, type CreateResult, createCookie } from './create-cookie.ts';
import { hasNul } from './parse-set-cookie.ts';
import type { CookieReason } from './reasons.ts';
import { isThirdPartyBlocked, setReasons } from './set-rules.ts';
import type { SiteJar } from './site-jar.ts';
import { type Moment, type StoredCookie, toCookie } from './stored-cookie.ts';
import type { CookieVerdict, LineVerdict, ThirdPartyCookies } from './types.ts';

export interface ReceiveContext extends Answer {
  readonly jar: SiteJar;
  readonly thirdPartyCookies: ThirdPartyCookies;
  readonly moment: () => Moment;
  /** The answer's Clear-Site-Data names cookies: Chromium then stores none of its lines, on plain http neither. */
  readonly clearsCookies: boolean;
}

/** A line's verdict while later lines may still change it, and the cookie it put into the jar. */
interface Pending {
  verdict: LineVerdict;
  stored?: StoredCookie;
}

const plain = (line: number, verdict: CookieVerdict): LineVerdict => ({
  line,
  verdict,
  reasons: [],
  warnings: [],
});

/** Why the jar refuses a well-formed cookie; the third-party setting comes first and hides the rest. */
function refusals(
  cookie: StoredCookie,
  { jar, request, url, thirdPartyCookies }: ReceiveContext,
): CookieReason[] {
  if (isThirdPartyBlocked(cookie, request, thirdPartyCookies)) return ['UserPreferences'];
  const reasons = setReasons(cookie, request, url);
  if (jar.shadowsSecure(cookie, url)) reasons.push('OverwriteSecure');
  return reasons.sort();
}

/** A line beside Clear-Site-Data: what is wrong with it by itself is told, the rules of storing are not reached. */
function notKept(
  created: CreateResult,
  { request, thirdPartyCookies }: ReceiveContext,
): Pick<LineVerdict, 'reasons' | 'warnings'> {
  const reasons: CookieReason[] = [...(created.cookie === undefined ? created.reasons : []), 'SyntaxError'];
  if (created.cookie && isThirdPartyBlocked(created.cookie, request, thirdPartyCookies)) {
    reasons.push('UserPreferences');
  }
  return { reasons: reasons.sort(), warnings: created.warnings };
}

/** Cookies that this line pushed out: if an earlier line of the same answer had brought them, it is told. */
function relabel(pending: readonly Pending[], gone: readonly StoredCookie[], verdict: CookieVerdict): void {
  for (const entry of pending) {
    if (entry.stored && gone.includes(entry.stored)) entry.verdict = { ...entry.verdict, verdict };
  }
}

function receiveLine(
  text: string,
  line: number,
  context: ReceiveContext,
  earlier: readonly Pending[],
): Pending {
  const created = createCookie(text, context, context.moment());
  const { warnings } = created;
  if (context.clearsCookies) return { verdict: { line, verdict: 'blocked', ...notKept(created, context) } };
  if (created.cookie === undefined) {
    const { reasons, silentReason } = created;
    return {
      verdict:
        silentReason === undefined
          ? { line, verdict: 'blocked', reasons, warnings }
          : { line, verdict: 'silently-dropped', reasons: [], warnings, silentReason },
    };
  }
  const { cookie } = created;
  const reasons = refusals(cookie, context);
  const shown = {
    line,
    reasons,
    warnings: withContextWarnings(warnings, cookie, reasons),
    cookie: toCookie(cookie),
  };
  if (reasons.length > 0) return { verdict: { ...shown, verdict: 'blocked' } };

  const { stored, replaced, evicted } = context.jar.insert(cookie);
  const deletes = stored === undefined;
  // Chromium's change causes: what a later line deletes is "expired-overwrite", not "overwrite".
  const same = replaced.filter(({ value }) => value === stored?.value);
  const lost = replaced.filter((cookie) => !same.includes(cookie));
  relabel(earlier, lost, deletes ? 'expired' : 'overwritten');
  // Set again with the same value, it is still what the earlier line asked for.
  for (const entry of earlier)
    if (stored && entry.stored && same.includes(entry.stored)) entry.stored = stored;
  relabel(earlier, evicted, 'evicted');
  if (deletes) {
    return { verdict: { ...shown, verdict: 'expired' } };
  }
  const verdict = evicted.includes(stored) ? 'evicted' : 'stored';
  return { verdict: { ...shown, verdict, cookie: toCookie(stored) }, stored };
}

function withContextWarnings(
  warnings: LineVerdict['warnings'],
  cookie: StoredCookie,
  reasons: readonly CookieReason[],
): LineVerdict['warnings'] {
  // Where the setting decides, the browser looks no further.
  if (reasons.includes('UserPreferences')) return warnings;
  const more = [...warnings];
  if (cookie.sameSite === 'None' && !cookie.secure) more.push('WarnSameSiteNoneInsecure');
  if (reasons.includes('SchemefulSameSiteUnspecifiedTreatedAsLax')) {
    more.push('WarnSameSiteUnspecifiedCrossSiteContext');
  }
  return more;
}

/** Judges the Set-Cookie lines (byte strings) of one answer in order, and files what passes. */
export function receiveLines(
  lines: readonly string[],
  processed: boolean,
  context: ReceiveContext,
): readonly LineVerdict[] {
  // One NUL spoils the answer, and all its cookies with it.
  if (lines.some(hasNul)) return lines.map((_, line) => plain(line, 'response-rejected'));
  if (!processed) return lines.map((_, line) => plain(line, 'not-processed'));
  const pending: Pending[] = [];
  for (const [line, text] of lines.entries()) pending.push(receiveLine(text, line, context, pending));
  return pending.map((entry) => entry.verdict);
}
