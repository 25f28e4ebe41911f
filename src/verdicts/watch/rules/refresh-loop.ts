import type { Finding } from '../../findings/types.ts';
import { setBy } from '../answer-cookies.ts';
import { fingerprint } from '../memory/fingerprint.ts';
import { createLru, touch } from '../memory/lru.ts';
import { requestCookie } from '../request-cookies.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { isDocument, type Sight } from '../sight.ts';
import { duration, requestLine } from '../words.ts';

interface Step {
  readonly at: number;
  readonly end: number;
  readonly ok: boolean;
  readonly exchange: string;
}

/** The refreshes of one session, however often its token was exchanged. */
interface Family {
  steps: readonly Step[];
}

interface Client {
  documentEnd: number;
  /** The newest 401 to something other than a refresh. */
  refusedAt: number;
}

const FAMILIES = 500;
const CLIENTS = 64;
const WITHIN_MS = 10_000;
const STEPS = 5;
/** Without a token, sessions cannot be told apart, only browsers. */
const STEPS_WITHOUT_TOKEN = 8;
/** A 401 so soon after a refresh is not about a token that has ended since. */
const REFUSED_WITHIN_MS = 1_000;

/**
 * JD411: refreshes one after the other, each because of a 401 right after the one before, or each with a 401 itself.
 * Short-lived tokens, pages that refresh when they load, and several refreshes at once are no loop.
 */
export function createRefreshLoopRule(): Rule {
  const families = createLru<string, Family>(FAMILIES);
  const clients = createLru<string, Client>(CLIENTS);
  return (sight) => {
    const isRefresh = sight.endpoint === 'refresh';
    const { status, fromBackend } = sight.exchange;
    if (!isRefresh) {
      if (isDocument(sight)) clientOf(sight).documentEnd = sight.end;
      else if (status === 401) clientOf(sight).refusedAt = sight.exchange.at;
      return NONE;
    }
    if (!fromBackend || status < 200 || status >= 500) return NONE;
    return step(sight);
  };

  function clientOf(sight: Sight): Client {
    return touch(clients, sight.client, () => ({ documentEnd: 0, refusedAt: 0 }));
  }

  function familyOf(sight: Sight, token: string | null): Family {
    const key = token === null ? `client ${sight.client}` : fingerprint(token);
    const family = touch(families, key, () => ({ steps: [] }));
    const next = setBy(sight, sight.settings.refreshCookie);
    if (next !== undefined) families.set(fingerprint(next.value), family);
    return family;
  }

  function step(sight: Sight): readonly Finding[] {
    const token = requestCookie(sight.cookie, sight.settings.refreshCookie);
    const family = familyOf(sight, token);
    const { at, id, status } = sight.exchange;
    const last = family.steps.at(-1);
    // At once with the one before: a race, not a loop.
    if (last !== undefined && at < last.end) return NONE;
    const now: Step = { at, end: sight.end, ok: status < 300, exchange: id };
    const goesOn = last !== undefined && continues(last, now, clientOf(sight));
    const recent = goesOn ? family.steps.filter((step) => step.at >= at - WITHIN_MS) : [];
    family.steps = [...recent, now].slice(-STEPS_WITHOUT_TOKEN * 2);
    const enough = token === null ? STEPS_WITHOUT_TOKEN : STEPS;
    return family.steps.length < enough ? NONE : [loop(sight, family.steps)];
  }
}

function continues(last: Step, now: Step, client: Client): boolean {
  if (client.documentEnd > last.at) return false;
  if (!last.ok && !now.ok) return true;
  return last.ok && client.refusedAt >= last.end && client.refusedAt - last.end < REFUSED_WITHIN_MS;
}

function loop(sight: Sight, steps: readonly Step[]): Finding {
  const ms = sight.end - (steps[0]?.at ?? sight.end);
  const why =
    steps.at(-1)?.ok === true
      ? 'each after a 401 to a request with a fresh token'
      : 'each answered with an error';
  return findingOf('JD411', sight, {
    evidence: `${requestLine(sight)}: ${steps.length} refreshes in ${duration(ms)}, ${why}.`,
    subject: sight.settings.refreshCookie,
    earlier: steps.slice(0, -1).map(({ exchange }) => exchange),
  });
}
