import type { Finding } from '../../findings/types.ts';
import { answerCookies, setBy } from '../answer-cookies.ts';
import { fingerprint } from '../memory/fingerprint.ts';
import { createLru } from '../memory/lru.ts';
import { requestCookie } from '../request-cookies.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import type { Sight } from '../sight.ts';
import { duration, requestLine } from '../words.ts';

interface Use {
  readonly at: number;
  readonly end: number;
  readonly exchange: string;
  readonly status: number;
  /** The answer gave another refresh token. */
  readonly rotated: boolean;
}

const TOKENS = 500;
const AT_ONCE_MS = 10_000;

/**
 * JD410: one refresh token comes twice within seconds, and is exchanged for another (RFC 9700, 4.14.2).
 * JD412: the one that came too late gets a 401 that deletes the cookies which the other has just set.
 * Not a race: a request that its client gave up (a reload) or that failed at the server, and the next try.
 */
export function createRefreshRaceRule(): Rule {
  const uses = createLru<string, Use>(TOKENS);
  return (sight) => {
    if (sight.endpoint !== 'refresh' || !isAnswered(sight)) return NONE;
    const token = requestCookie(sight.cookie, sight.settings.refreshCookie);
    if (token === null) return NONE;
    const key = fingerprint(token);
    const before = uses.get(key);
    const use = useOf(sight, token);
    // What rotated is what later ones are held against.
    if (before === undefined || !before.rotated || use.rotated) uses.set(key, use);
    if (before === undefined || Math.abs(use.at - before.at) > AT_ONCE_MS) return NONE;
    if (!before.rotated && !use.rotated) return NONE;
    return [race(sight, before, use), ...cleared(sight, before, use)];
  };
}

function isAnswered({ exchange }: Sight): boolean {
  return exchange.fromBackend && exchange.status >= 200 && exchange.status < 500 && exchange.status !== 429;
}

function useOf(sight: Sight, token: string): Use {
  const next = setBy(sight, sight.settings.refreshCookie);
  const { at, id, status } = sight.exchange;
  return { at, end: sight.end, exchange: id, status, rotated: next !== undefined && next.value !== token };
}

function race(sight: Sight, before: Use, use: Use): Finding {
  const [first, second] = use.at < before.at ? [use, before] : [before, use];
  const outcome =
    first.status < 300 && second.status < 300
      ? 'Both were accepted, which not every backend with rotation does'
      : `The answers were ${first.status} and ${second.status}`;
  return findingOf('JD410', sight, {
    evidence: `${requestLine(sight)}: the same refresh token was used twice, ${duration(second.at - first.at)} apart (two tabs, or two handlers of a 401). ${outcome}.`,
    subject: sight.settings.refreshCookie,
    earlier: [before.exchange],
  });
}

function cleared(sight: Sight, before: Use, use: Use): readonly Finding[] {
  const { accessCookie, refreshCookie } = sight.settings;
  if (use.status !== 401 || !before.rotated) return NONE;
  const after = use.end - before.end;
  if (after < 0 || after > AT_ONCE_MS) return NONE;
  const deleted = answerCookies(sight)
    .filter(({ name, deletes }) => deletes && (name === accessCookie || name === refreshCookie))
    .map(({ name }) => name);
  if (deleted.length === 0) return NONE;
  return [
    findingOf('JD412', sight, {
      evidence: `${requestLine(sight)} answered 401 and deleted ${deleted.join(' and ')}, ${duration(after)} after another refresh with the same token had set new ones: those are gone now.`,
      subject: refreshCookie,
      earlier: [before.exchange],
    }),
  ];
}
