import type { Finding } from '../../findings/types.ts';
import { answerCookies } from '../answer-cookies.ts';
import { createCredentialedCalls } from '../memory/credentialed-calls.ts';
import { createLru } from '../memory/lru.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { isPreflight, type Sight } from '../sight.ts';
import type { WatchSettings } from '../types.ts';
import { counted, endpointName, requestLine } from '../words.ts';

interface Client {
  /** Sends tokens in a header: its requests need no cookies. */
  usesBearer: boolean;
  /** Token cookies were set, and no request has carried a cookie since. */
  unused: { readonly at: number; readonly exchange: string; requests: number } | null;
}

const CLIENTS = 64;
/** Without the canary: as many requests in a row without any cookie are no accident. */
const REQUESTS_WITHOUT_COOKIE = 3;
const UNUSED_FOR_MS = 60_000;

/**
 * JD102: a fetch of our page went without credentials (Fetch, 2.2.5), and it matters: the answer sets session cookies,
 * or it is a 401 or 403. The canary makes it certain; without it, the answers have to show it.
 */
export function createCredentialsRule(): Rule {
  const clients = createLru<string, Client>(CLIENTS);
  const calls = createCredentialedCalls();
  return (sight) => {
    calls.learn(sight);
    if (sight.where !== 'api') return NONE;
    if (sight.authorized) {
      clientOf(sight).usesBearer = true;
      return NONE;
    }
    return isFetchOfOurPage(sight) ? judge(sight, clientOf(sight), calls.isDoubtful(sight)) : NONE;
  };

  function clientOf(sight: Sight): Client {
    const known = clients.get(sight.client);
    if (known !== undefined) return known;
    const client: Client = { usesBearer: false, unused: null };
    clients.set(sight.client, client);
    return client;
  }
}

function isFetchOfOurPage(sight: Sight): boolean {
  if (sight.fetchMode !== 'cors' || sight.fetchSite !== 'same-site' || isPreflight(sight)) return false;
  return (
    sight.origin === sight.settings.frontendOrigin && sight.exchange.fromBackend && sight.exchange.status > 0
  );
}

function judge(sight: Sight, client: Client, isDoubtful: boolean): readonly Finding[] {
  if (sight.cookie !== '' || sight.exchange.canary === 'sent') {
    client.unused = null;
    return NONE;
  }
  const lost = sessionCookies(sight);
  if (sight.exchange.canary === 'not-sent') {
    if (isDoubtful) return NONE;
    if (lost.length > 0) return [lostCookies(sight, lost)];
    return isRefused(sight) && !client.usesBearer ? [refused(sight)] : NONE;
  }
  return withoutCanary(sight, client, lost);
}

/** The canary is switched off, or nobody knows whether the browser has it. */
function withoutCanary(sight: Sight, client: Client, lost: readonly string[]): readonly Finding[] {
  if (lost.length > 0) {
    client.unused = { at: sight.end, exchange: sight.exchange.id, requests: 0 };
    return NONE;
  }
  const { unused } = client;
  if (unused === null || sight.exchange.at < unused.at) return NONE;
  if (sight.exchange.at - unused.at > UNUSED_FOR_MS) {
    client.unused = null;
    return NONE;
  }
  unused.requests += 1;
  if (unused.requests < REQUESTS_WITHOUT_COOKIE || !isRefused(sight) || client.usesBearer) return NONE;
  return [
    findingOf('JD102', sight, {
      evidence: `${requestLine(sight)} answered ${sight.exchange.status}. Cookies were set before, and none of the ${unused.requests} requests since carried one: if nobody deleted them, the requests go without credentials.`,
      subject: endpointName(sight),
      earlier: [unused.exchange],
    }),
  ];
}

/** A login may answer 401 to a wrong password. */
function isRefused(sight: Sight): boolean {
  const { status } = sight.exchange;
  if (status !== 401 && status !== 403) return false;
  const endpoint = sight.endpoint;
  return endpoint === null || endpoint === 'refresh';
}

const SESSION_COOKIE = /sess|sid$|token|jwt|auth|csrf|xsrf/i;

/** Load balancers and analytics set cookies of their own; nobody misses those. */
function sessionCookies(sight: Sight): readonly string[] {
  const { accessCookie, refreshCookie } = sight.settings;
  return answerCookies(sight)
    .filter(({ deletes, value }) => !deletes && value !== '')
    .map(({ name }) => name)
    .filter((name) => name === accessCookie || name === refreshCookie || SESSION_COOKIE.test(name));
}

function lostCookies(sight: Sight, lost: readonly string[]): Finding {
  const { exchange } = sight;
  return findingOf('JD102', sight, {
    evidence: `${requestLine(sight)} answered ${exchange.status} with ${counted(lost.length, 'Set-Cookie')}, but the request was sent without credentials, so the browser threw ${lost.length === 1 ? 'it' : 'them'} away.`,
    subject: endpointName(sight),
    fixes: fixesFor(sight.settings, sight.path),
  });
}

function refused(sight: Sight): Finding {
  return findingOf('JD102', sight, {
    evidence: `${requestLine(sight)} answered ${sight.exchange.status}, and the request was sent without credentials, so no cookie could come along.`,
    subject: endpointName(sight),
    fixes: fixesFor(sight.settings, sight.path),
  });
}

function fixesFor({ apiOrigin }: WatchSettings, path: string): Finding['fixes'] & object {
  const url = path.length > 80 ? apiOrigin : `${apiOrigin}${path}`;
  return [{ place: 'fetch', text: `fetch('${url}', { credentials: 'include' })` }];
}
