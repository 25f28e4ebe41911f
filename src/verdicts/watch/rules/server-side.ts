import type { Finding } from '../../findings/types.ts';
import type { CookieScopes } from '../memory/cookie-scopes.ts';
import { createLru } from '../memory/lru.ts';
import { requestCookie } from '../request-cookies.ts';
import { findingOf, NONE, type Rule } from '../rule.ts';
import { isDocument, type Sight } from '../sight.ts';
import { endpointName, requestLine } from '../words.ts';

interface Refused {
  readonly at: number;
  readonly call: string;
  readonly status: number;
  readonly exchange: string;
}

/** A page for somebody who is logged in. */
interface Rendered {
  readonly at: number;
  readonly end: number;
  readonly line: string;
  /** Why the renderer has no cookies. */
  readonly why: string;
  readonly exchange: string;
}

const REMEMBERED = 32;
const CLIENTS = 64;
const LOGGED_IN_FOR_MS = 600_000;
const NODE = /^(?:node|undici|axios|got|ky|ofetch|node-fetch|Bun|Deno)\b/i;

/**
 * JD432: while the frontend made a page for somebody who is logged in, Node asked the API without cookies and was
 * refused. That the one began within the other is what ties them together, as a request names no parent; which of the
 * two is told first depends on how their connections end. Visitors who are not logged in are refused by right.
 */
export function createServerSideRule(scopes: CookieScopes): Rule {
  let refused: readonly Refused[] = [];
  let rendered: readonly Rendered[] = [];
  /** When a browser's token cookie was last accepted by the API. */
  const loggedIn = createLru<string, number>(CLIENTS);
  return (sight) => {
    if (isDocument(sight)) return document(sight);
    if (sight.where !== 'api') return NONE;
    if (isRefusedNode(sight)) return call(sight);
    if (sight.fetchSite !== null && hasToken(sight)) {
      if (sight.exchange.status < 300) loggedIn.set(sight.client, sight.end);
      else if (sight.exchange.status === 401) loggedIn.delete(sight.client);
    }
    return NONE;
  };

  function document(sight: Sight): ReturnType<Rule> {
    const why = sight.exchange.fromBackend ? reasonOf(sight) : null;
    if (why === null) return NONE;
    const { at, id: exchange } = sight.exchange;
    const page: Rendered = { at, end: sight.end, line: requestLine(sight), why, exchange };
    rendered = [...rendered.slice(1 - REMEMBERED), page];
    const during = refused.find((one) => isDuring(one, page));
    return during === undefined ? NONE : [pair(sight, during, page)];
  }

  function call(sight: Sight): ReturnType<Rule> {
    const { at, id: exchange, status } = sight.exchange;
    const one: Refused = { at, call: endpointName(sight), status, exchange };
    refused = [...refused.slice(1 - REMEMBERED), one];
    const page = rendered.find((known) => isDuring(one, known));
    return page === undefined ? NONE : [pair(sight, one, page)];
  }

  function reasonOf(sight: Sight): string | null {
    const { accessCookie } = sight.settings;
    if (hasToken(sight)) return `The page's own request carried a token: pass its Cookie header on.`;
    return neverReaches(sight)
      ? `${accessCookie} is host-only on the API, so ${sight.host} never receives it.`
      : null;
  }

  function neverReaches(sight: Sight): boolean {
    const since = loggedIn.get(sight.client);
    if (since === undefined || sight.exchange.at - since > LOGGED_IN_FOR_MS) return false;
    const { settings, client } = sight;
    const known = scopes.find(client, new URL(settings.apiOrigin).hostname, settings.accessCookie);
    return known !== undefined && !known.several && !known.latest.domain.startsWith('.');
  }
}

function isDuring({ at }: Refused, page: Rendered): boolean {
  return at >= page.at && at <= page.end;
}

function pair(sight: Sight, { call, status, exchange }: Refused, page: Rendered): Finding {
  const finding = findingOf('JD432', sight, {
    evidence: `While ${page.line} was made, Node asked the API for ${call} without cookies and got ${status}. ${page.why}`,
    subject: call,
  });
  const { hostname } = new URL(sight.settings.apiOrigin);
  return { ...finding, host: hostname, exchanges: [exchange, page.exchange] };
}

function isRefusedNode(sight: Sight): boolean {
  const { status } = sight.exchange;
  if ((status !== 401 && status !== 403) || sight.cookie !== '' || sight.authorized) return false;
  if (sight.fetchSite !== null || sight.origin !== null) return false;
  // Node's own fetch also sends `sec-fetch-mode: cors`, and nothing else of Fetch Metadata.
  return sight.userAgent === '' || NODE.test(sight.userAgent);
}

function hasToken(sight: Sight): boolean {
  const { accessCookie, refreshCookie } = sight.settings;
  return (
    requestCookie(sight.cookie, accessCookie) !== null || requestCookie(sight.cookie, refreshCookie) !== null
  );
}
