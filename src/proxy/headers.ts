import { isForwardingClaim } from './forwarding-claims.ts';
import type { HeaderList } from './types.ts';

/** Counts how often a request went through this program: a route that leads back to it is a loop. */
export const HOPS_HEADER = 'x-jwt-dev-hops';

/** RFC 9110, section 7.6.1, and the older names that RFC 2616 knew. `TE` is treated apart. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** Of a trailer section, beside those: what frames, routes, authenticates or describes a message (RFC 9110, section 6.5.1). */
const NOT_IN_TRAILERS: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'expect',
  'host',
  'set-cookie',
  'trailer',
]);

export interface ForwardingFacts {
  /** As the client wrote it: host and port. */
  readonly authority: string;
  readonly clientAddress: string;
  readonly port: number;
  readonly hops: number;
}

/** The first value of a field (`name` in lower case), or undefined. */
export function headerOf(headers: HeaderList, name: string): string | undefined {
  for (let at = 0; at < headers.length; at += 2) {
    if (lowerCase(headers[at] as string) === name) return headers[at + 1];
  }
  return undefined;
}

/** Every value of a field (`name` in lower case), in order. */
export function headersOf(headers: HeaderList, name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    if (lowerCase(headers[at] as string) === name) values.push(headers[at + 1] as string);
  }
  return values;
}

/** All fields but one (`name` in lower case). */
export function without(headers: HeaderList, name: string): string[] {
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    if (lowerCase(headers[at] as string) !== name)
      kept.push(headers[at] as string, headers[at + 1] as string);
  }
  return kept;
}

/** The options that `Connection` fields name, in lower case (RFC 9110, section 7.6.1). */
function connectionOptions(headers: HeaderList): ReadonlySet<string> {
  let options: Set<string> | undefined;
  for (let at = 0; at < headers.length; at += 2) {
    if (lowerCase(headers[at] as string) !== 'connection') continue;
    const value = (headers[at + 1] as string).toLowerCase();
    // What nearly every request of HTTP/1.1 says names no field.
    if (value === 'keep-alive' || value === 'close') continue;
    options ??= new Set();
    for (const option of value.split(',')) options.add(option.trim());
  }
  return options ?? NO_OPTIONS;
}

const NO_OPTIONS: ReadonlySet<string> = new Set();

/** How often the request has already passed through here; NaN-safe. */
export function countHops(headers: HeaderList): number {
  const value = Number(headerOf(headers, HOPS_HEADER));
  return Number.isInteger(value) && value > 0 ? value : 0;
}

/**
 * The header section for the upstream. Left out: hop-by-hop fields and those that `Connection` names,
 * pseudo-header fields, claims about earlier hops (`isForwardingClaim`), `Expect` (answered here). Cookie crumbs become one field
 * again (RFC 9113, section 8.2.3). Everything else stays as it was.
 */
export function forUpstream(headers: HeaderList, facts: ForwardingFacts): string[] {
  const named = connectionOptions(headers);
  const kept: string[] = ['host', facts.authority];
  let cookieAt = -1;
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] as string;
    const value = headers[at + 1] as string;
    const { lower, isClaim } = fieldName(name);
    if (isClaim || lower.startsWith(':') || lower === 'host' || lower === 'expect') continue;
    if (lower === 'te') {
      if (acceptsTrailers(value)) kept.push(name, 'trailers');
    } else if (HOP_BY_HOP.has(lower)) {
      // belongs to the client's connection
    } else if (lower === 'cookie') {
      if (cookieAt === -1) cookieAt = kept.push(name, value) - 1;
      else kept[cookieAt] += `; ${value}`;
    } else if (!named.has(lower) || isEndToEnd(lower)) {
      kept.push(name, value);
    }
  }
  addForwarding(kept, facts);
  return kept;
}

/**
 * Fields that a client may not have removed by naming them in `Connection`: without them the message would mean
 * something else (framing, credentials), which is how such lists are abused.
 */
function isEndToEnd(lower: string): boolean {
  return lower === 'content-length' || lower === 'cookie' || lower === 'authorization' || lower === 'origin';
}

function acceptsTrailers(te: string): boolean {
  return te.split(',').some((coding) => coding.trim().toLowerCase() === 'trailers');
}

function addForwarding(kept: string[], facts: ForwardingFacts): void {
  // RFC 7239, section 6: an IPv6 address stands in brackets and quotes, and so does a host with a colon.
  const node = facts.clientAddress.includes(':') ? `"[${facts.clientAddress}]"` : facts.clientAddress;
  kept.push(
    'x-forwarded-for',
    facts.clientAddress,
    'x-forwarded-proto',
    'https',
    'x-forwarded-host',
    facts.authority,
    'x-forwarded-port',
    String(facts.port),
    'forwarded',
    `for=${node};host="${facts.authority}";proto=https`,
    HOPS_HEADER,
    String(facts.hops + 1),
  );
}

/**
 * Kept from the client: with it, a browser would refuse plain http for the host long after jwt-dev is gone
 * (RFC 6797, section 8.1), and nothing but its settings could undo that.
 */
const WITHHELD = 'strict-transport-security';

/** The fields of an upstream's answer that the client does not get although they are meant for it. */
export function withheldFrom(headers: HeaderList): string[] {
  return headersOf(headers, WITHHELD).flatMap((value) => [WITHHELD, value]);
}

/**
 * The upstream's header section for the client: the same without hop-by-hop fields and `withheldFrom`. Every Set-Cookie
 * stays its own.
 */
export function forClient(headers: HeaderList): string[] {
  const named = connectionOptions(headers);
  const kept: string[] = [];
  for (let at = 0; at < headers.length; at += 2) {
    const lower = lowerCase(headers[at] as string);
    if (HOP_BY_HOP.has(lower) || lower === WITHHELD) continue;
    if (named.has(lower) && lower !== 'content-length' && lower !== 'set-cookie') continue;
    kept.push(headers[at] as string, headers[at + 1] as string);
  }
  return kept;
}

/**
 * For node:http2 and http-proxy, which take an object; names in lower case. Repeated fields become one, its values joined
 * by a comma: the same meaning (RFC 9110, section 5.3), where node:http2 refuses to repeat many a name. Set-Cookie alone
 * must not be joined.
 */
export function toHeaderObject(headers: HeaderList): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (let at = 0; at < headers.length; at += 2) {
    const name = lowerCase(headers[at] as string);
    const value = headers[at + 1] as string;
    const before = result[name];
    if (before === undefined) result[name] = name === 'set-cookie' ? [value] : value;
    else if (Array.isArray(before)) before.push(value);
    else result[name] = `${before}, ${value}`;
  }
  return result;
}

/** For trailers, which node:http takes in pairs. */
export function toPairs(headers: HeaderList): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2)
    pairs.push([headers[at] as string, headers[at + 1] as string]);
  return pairs;
}

/** A trailer section for the other side, either way: without what may not stand there. */
export function trailersFor(trailers: HeaderList): string[] {
  const kept: string[] = [];
  for (let at = 0; at < trailers.length; at += 2) {
    const { lower, isClaim } = fieldName(trailers[at] as string);
    if (isClaim || lower.startsWith(':') || HOP_BY_HOP.has(lower) || NOT_IN_TRAILERS.has(lower)) continue;
    kept.push(lower, trailers[at + 1] as string);
  }
  return kept;
}

interface FieldName {
  readonly lower: string;
  /** A claim about the request's way, which only proxies may make; our own count of hops is one. */
  readonly isClaim: boolean;
}

/** Names repeat from request to request: remembering them saves the work on them. */
const fieldNames = new Map<string, FieldName>();
const REMEMBERED_NAMES = 1_000;

function fieldName(name: string): FieldName {
  const known = fieldNames.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const made = { lower, isClaim: lower === HOPS_HEADER || isForwardingClaim(lower) };
  if (fieldNames.size < REMEMBERED_NAMES) fieldNames.set(name, made);
  return made;
}

function lowerCase(name: string): string {
  return fieldName(name).lower;
}
