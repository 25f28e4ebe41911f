import { headerOf } from './headers.ts';
import type { HeaderList } from './types.ts';

/**
 * The canary: a cookie that the documents of the frontend set, for the whole site. A browser then sends it with every
 * request to the site's hosts that carries credentials, and only with these, so that a request without it tells of a
 * `fetch` without `credentials: 'include'`, which no browser mentions. No upstream ever sees it.
 */
export interface CanarySettings {
  /** The host whose documents set it. */
  readonly hostname: string;
  /** The registrable domain of that host and the API's. */
  readonly site: string;
}

const NAME = '__jwtdev';

/** The `Set-Cookie` field: a session cookie that no script can read, and that no other site's requests bring along. */
function canaryField(site: string): HeaderList {
  return ['set-cookie', `${NAME}=1; Domain=${site}; Path=/; Secure; HttpOnly; SameSite=Lax`];
}

/**
 * What is added to the header section of an answer of the frontend to a request without the canary: the canary, where it
 * is a document that was navigated to. A 304 stays as it is: it is about a document that the browser already has
 * (RFC 9110, section 15.4.5), and so does a redirect, which is none.
 */
export function canaryFor(
  site: string,
  requestHeaders: HeaderList,
  status: number,
  answerHeaders: HeaderList,
): HeaderList {
  if (status >= 300 && status < 400) return NOTHING;
  const type = headerOf(answerHeaders, 'content-type');
  if (type === undefined || !/^\s*text\/html\b/i.test(type)) return NOTHING;
  return isNavigation(requestHeaders) ? canaryField(site) : NOTHING;
}

const NOTHING: HeaderList = [];

/** Fetch Metadata says it; clients without it show by `Accept` that they want a page. */
function isNavigation(headers: HeaderList): boolean {
  const destination = headerOf(headers, 'sec-fetch-dest');
  if (destination !== undefined) return destination === 'document';
  return headerOf(headers, 'accept')?.includes('text/html') === true;
}

/**
 * Takes the canary out of the `Cookie` field of a request, which there is one of at most, and leaves every other byte
 * of it as it was; a field that held nothing else goes.
 * @returns whether it was there.
 */
export function takeCanary(headers: string[]): boolean {
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    if (name.length !== 6 || name.toLowerCase() !== 'cookie') continue;
    const value = headers[at + 1] as string;
    const rest = withoutCanary(value);
    if (rest === value) return false;
    if (rest === '') headers.splice(at, 2);
    else headers[at + 1] = rest;
    return true;
  }
  return false;
}

/** A `Cookie` field's value without the canary: RFC 6265, section 4.2.1, with whatever spacing it came. */
export function withoutCanary(value: string): string {
  if (!value.includes(NAME)) return value;
  const pairs = value.split(';');
  const kept = pairs.filter((pair) => !isCanary(pair));
  if (kept.length === pairs.length) return value;
  if (kept[0] !== undefined && kept[0] !== pairs[0]) kept[0] = kept[0].trimStart();
  return kept.join(';');
}

function isCanary(pair: string): boolean {
  const end = pair.indexOf('=');
  return end !== -1 && pair.slice(0, end).trim() === NAME;
}
