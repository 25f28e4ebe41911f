import { parseCookieDate } from '../../cookies/cookie-date.ts';
import type { Finding } from '../../findings/types.ts';
import { answerCookies } from '../answer-cookies.ts';
import { createLru } from '../memory/lru.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { answerHeaders, type Sight } from '../sight.ts';
import { tokenTimes } from '../token-claims.ts';
import { cookieName, duration, requestLine } from '../words.ts';

interface Skew {
  readonly ms: number;
  readonly at: number;
  readonly exchange: string;
}

const HOSTS = 50;
/** A Date has whole seconds (RFC 9110, 5.6.7), and is taken at some time between request and answer. */
const TOLERANCE_MS = 5_000;
const SAME_MS = 2_000;
/** A clock keeps its distance for as long; a Date that was kept in a cache falls back by all of it. */
const APART_MS = 4_000;
const EVERY_MS = 1_000;
const LONGEST_LOSS_MS = 86_400_000;

/**
 * JD450: the backend's clock, by its Date (RFC 9110, 6.6.1), is seconds away from ours, twice by the same; or a token
 * is issued in the future; or a cookie that is no deletion is over as it arrives.
 */
export function createClocksRule(): Rule {
  const skews = createLru<string, Skew>(HOSTS);
  const looked = createLru<string, number>(HOSTS);
  return (sight) => {
    if (sight.where !== 'api' || !sight.exchange.fromBackend || sight.exchange.status === 0) return NONE;
    const isDue = Math.abs(sight.end - (looked.get(sight.host) ?? 0)) >= EVERY_MS;
    if (!isDue && sight.setCookie.length === 0) return NONE;
    looked.set(sight.host, sight.end);
    const ms = skewOf(sight);
    return [...(ms === null ? NONE : byDate(sight, ms)), ...byCookies(sight, ms)];
  };

  function byDate(sight: Sight, ms: number): readonly Finding[] {
    const before = skews.get(sight.host);
    if (Math.abs(ms) <= TOLERANCE_MS) {
      skews.delete(sight.host);
      return NONE;
    }
    const isSame = before !== undefined && Math.abs(before.ms - ms) <= SAME_MS;
    if (!isSame) skews.set(sight.host, { ms, at: sight.end, exchange: sight.exchange.id });
    if (!isSame || sight.end - before.at < APART_MS) return NONE;
    const evidence = `The clock of ${sight.host} is ${duration(ms)} ${ms < 0 ? 'behind' : 'ahead of'} the clock of this machine, by the Date of its answers.`;
    return [findingOf('JD450', sight, { evidence, subject: 'Date', earlier: [before.exchange] })];
  }
}

/** How far the answer's Date is from our clock; null where it says nothing: no Date, or out of a cache. */
function skewOf(sight: Sight): number | null {
  const [date] = answerHeaders(sight, 'date');
  if (date === undefined || answerHeaders(sight, 'age').length > 0 || sight.exchange.status === 304)
    return null;
  const time = Date.parse(date);
  if (Number.isNaN(time)) return null;
  // Whole seconds are cut off: up to one second earlier is the same time.
  if (time + 1_000 < sight.exchange.at) return time - sight.exchange.at;
  return time > sight.end ? time - sight.end : 0;
}

function byCookies(sight: Sight, skew: number | null): readonly Finding[] {
  const { accessCookie, refreshCookie } = sight.settings;
  for (const { name, value, expires, maxAge, deletes } of answerCookies(sight)) {
    if (value === '' || value === '""') continue;
    // Max-Age counts from the browser's own clock.
    const ends = deletes && maxAge === null && expires !== null ? parseCookieDate(expires) : null;
    const late = ends === null ? 0 : sight.end - ends;
    if (late > 0 && late < LONGEST_LOSS_MS) {
      const evidence = `${requestLine(sight)} set ${cookieName(name)} with an Expires that was ${duration(late)} in the past as it arrived: the browser drops it.`;
      return [findingOf('JD450', sight, { evidence, subject: cookieName(name) })];
    }
    // With the right Date, it is the backend that counts from another time on purpose: a clock that tests move.
    if (skew !== null && Math.abs(skew) <= TOLERANCE_MS) continue;
    const issuedAt = name === accessCookie || name === refreshCookie ? tokenTimes(value)?.issuedAt : null;
    const ahead = (issuedAt ?? 0) - sight.end;
    if (ahead <= TOLERANCE_MS) continue;
    const evidence = `${requestLine(sight)} set ${cookieName(name)} with a token that was issued ${duration(ahead)} in the future.`;
    return [findingOf('JD450', sight, { evidence, subject: cookieName(name) })];
  }
  return NONE;
}
