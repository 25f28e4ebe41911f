import { valuesOf } from '../header-pairs.ts';
import { type Endpoint, endpointOf } from './endpoint.ts';
import type { WatchedExchange, WatchSettings } from './types.ts';

/** An exchange with what the rules ask for again and again, read once. */
export interface Sight {
  readonly exchange: WatchedExchange;
  readonly settings: WatchSettings;
  readonly where: 'frontend' | 'api' | 'elsewhere';
  /** Lower case, without port. */
  readonly host: string;
  /** Without query, which may hold secrets. */
  readonly path: string;
  readonly endpoint: Endpoint | null;
  /** When the answer was over, in milliseconds since 1970. */
  readonly end: number;
  /**
   * Which browser it was, as far as a request tells: User-Agent and Accept-Language. Two profiles of one browser are
   * the same to it, so that no rule may conclude anything certain from it alone.
   */
  readonly client: string;
  readonly userAgent: string;
  readonly origin: string | null;
  /** The Cookie field; empty for none. */
  readonly cookie: string;
  readonly authorized: boolean;
  readonly fetchSite: string | null;
  readonly fetchMode: string | null;
  readonly fetchDest: string | null;
  /** Only credentialed requests of a third-party context have it: `active`, `inactive` or `none`. */
  readonly storageAccess: string | null;
  /** Access-Control-Request-Method and -Headers. */
  readonly askedMethod: string | null;
  readonly askedHeaders: string | null;
  readonly csrfHeader: boolean;
  readonly setCookie: readonly string[];
}

/** The origin of a URL as it is written, without parsing it: `https://example.com:8443`. */
function originOf(url: string): string {
  const start = url.indexOf('://') + 3;
  if (start === 2) return '';
  let end = start;
  while (end < url.length && !isPathStart(url.charCodeAt(end))) end += 1;
  return url.slice(0, end).toLowerCase();
}

/** `/`, `?` or `#`. */
function isPathStart(code: number): boolean {
  return code === 47 || code === 63 || code === 35;
}

export function originOfExchange(sight: Sight): string {
  return originOf(sight.exchange.url);
}

/** Empty where there is no name or address: then the exchange is of none of our hosts. */
function hostOf(origin: string): string {
  const authority = origin.slice(origin.indexOf('://') + 3);
  return /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d+)?$/.exec(authority)?.[1] ?? '';
}

function pathOf(url: string, from: number): string {
  let end = from;
  while (end < url.length && url.charCodeAt(end) !== 63 && url.charCodeAt(end) !== 35) end += 1;
  return url.slice(from, end) || '/';
}

/** Reads exchanges for one watch. */
export function createSightReader(settings: WatchSettings): (exchange: WatchedExchange) => Sight {
  const nameClient = createClientNames();
  return (exchange) => {
    const fields = readFields(exchange);
    const origin = originOf(exchange.url);
    const path = pathOf(exchange.url, origin.length);
    return {
      exchange,
      settings,
      where:
        origin === settings.apiOrigin ? 'api' : origin === settings.frontendOrigin ? 'frontend' : 'elsewhere',
      host: hostOf(origin),
      path,
      endpoint: endpointOf(exchange.method, path),
      end: exchange.at + exchange.durationMs,
      client: nameClient(fields.userAgent, fields.language),
      ...fields,
      setCookie: setCookieLines(exchange),
    };
  };
}

interface Fields
  extends Pick<
    Sight,
    | 'userAgent'
    | 'origin'
    | 'cookie'
    | 'authorized'
    | 'fetchSite'
    | 'fetchMode'
    | 'fetchDest'
    | 'storageAccess'
    | 'askedMethod'
    | 'askedHeaders'
    | 'csrfHeader'
  > {
  readonly language: string;
}

/** One pass over the request's fields; of a field that comes twice the first counts, as in Node. */
function readFields({ requestHeaders }: WatchedExchange): Fields {
  let userAgent: string | null = null;
  let language: string | null = null;
  let origin: string | null = null;
  let cookie = '';
  let authorized = false;
  let fetchSite: string | null = null;
  let fetchMode: string | null = null;
  let fetchDest: string | null = null;
  let storageAccess: string | null = null;
  let askedMethod: string | null = null;
  let askedHeaders: string | null = null;
  let csrfHeader = false;
  for (const [name, value] of requestHeaders) {
    switch (name.toLowerCase()) {
      case 'user-agent':
        userAgent ??= value;
        break;
      case 'accept-language':
        language ??= value;
        break;
      case 'origin':
        origin ??= value;
        break;
      case 'cookie':
        // HTTP/2 may send it in crumbs (RFC 9113, 8.2.3).
        cookie = cookie === '' ? value : `${cookie}; ${value}`;
        break;
      case 'authorization':
        authorized = true;
        break;
      case 'sec-fetch-site':
        fetchSite ??= value;
        break;
      case 'sec-fetch-mode':
        fetchMode ??= value;
        break;
      case 'sec-fetch-dest':
        fetchDest ??= value;
        break;
      case 'sec-fetch-storage-access':
        storageAccess ??= value;
        break;
      case 'access-control-request-method':
        askedMethod ??= value;
        break;
      case 'access-control-request-headers':
        askedHeaders ??= value;
        break;
      case 'x-csrftoken':
        csrfHeader = true;
        break;
      default:
    }
  }
  return {
    userAgent: userAgent ?? '',
    language: language ?? '',
    origin,
    cookie,
    authorized,
    fetchSite,
    fetchMode,
    fetchDest,
    storageAccess,
    askedMethod,
    askedHeaders,
    csrfHeader,
  };
}

const CLIENTS = 16;
const LONGEST_CLIENT = 300;

/** The same string for the same client: to join two texts and to hash them for each request costs more than to compare. */
function createClientNames(): (userAgent: string, language: string) => string {
  let names: readonly { readonly userAgent: string; readonly language: string; readonly name: string }[] = [];
  return (userAgent, language) => {
    for (const known of names) {
      if (known.userAgent === userAgent && known.language === language) return known.name;
    }
    const name = `${userAgent}\n${language}`.slice(0, LONGEST_CLIENT);
    names = [{ userAgent, language, name }, ...names.slice(0, CLIENTS - 1)];
    return name;
  };
}

function setCookieLines({ responseHeaders }: WatchedExchange): readonly string[] {
  let lines: string[] | undefined;
  for (const [name, value] of responseHeaders) {
    if (name.length === 10 && name.toLowerCase() === 'set-cookie' && !isCanary(value))
      (lines ??= []).push(value);
  }
  return lines ?? NO_LINES;
}

const NO_LINES: readonly string[] = [];

/** Ours, not the backend's. */
function isCanary(setCookie: string): boolean {
  return setCookie.startsWith('__jwtdev=');
}

/** The values of a header of the answer, in order; `name` in lower case. */
export function answerHeaders(sight: Sight, name: string): readonly string[] {
  return valuesOf(sight.exchange.responseHeaders, name);
}

export function isPreflight(sight: Sight): boolean {
  return sight.exchange.method === 'OPTIONS' && sight.askedMethod !== null && sight.origin !== null;
}

/** A page that a person looks at, on the frontend's host. */
export function isDocument(sight: Sight): boolean {
  return sight.where === 'frontend' && sight.fetchDest === 'document';
}
