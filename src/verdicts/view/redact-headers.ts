import type { HeaderPairs } from '../header-pairs.ts';
import { requestCookies } from '../watch/request-cookies.ts';
import { type Hide, redactProse, redactText } from './redact-text.ts';
import { redactTarget } from './redact-url.ts';
import { isSecretHeader, isSecretName } from './secret-names.ts';

/** Header fields without secrets; names and order stay. */
export function redactHeaders(headers: HeaderPairs, hide: Hide): HeaderPairs {
  return headers.map(([name, value]) => [name, redactHeader(name.toLowerCase(), value, hide)] as const);
}

function redactHeader(name: string, value: string, hide: Hide): string {
  switch (name) {
    case 'cookie':
      return redactCookie(value, hide);
    case 'set-cookie':
      return redactSetCookie(value, hide);
    case 'authorization':
    case 'proxy-authorization':
      return redactCredentials(value, hide);
    case 'location':
    case 'referer':
    case 'content-location':
    case ':path':
    case 'x-forwarded-path':
    case 'x-forwarded-uri':
    case 'x-original-uri':
    case 'x-original-url':
    case 'x-request-uri':
    case 'x-rewrite-url':
      return redactTarget(value, hide);
    case 'sec-websocket-protocol':
      return redactProtocols(value, hide);
    default:
      return isSecretHeader(name) && value !== '' ? hide(value) : redactFree(value, hide);
  }
}

/** A value may hold JSON or words; a host with its port is neither. */
function redactFree(value: string, hide: Hide): string {
  return /[\s{"']/.test(value) ? redactProse(value, hide) : redactText(value, hide);
}

/** Names of IANA's registry and of widespread tools look so: `graphql-transport-ws`, `v1.json`, `v4.channel.k8s.io`. */
const PROTOCOL =
  /^(?:[A-Z]?[a-z]{1,16}(?:[-._][a-z]{1,16}){0,3}|v\d{1,2}(?:\.(?:[a-z]{1,12}|\d{1,2}|k8s)){1,4}|actioncable-v1-json|mqttv3\.1|ocpp\d(?:\.\d){1,2}|wamp\.2\.json)$/;

/** The one field that a page can put a token into: by itself, or behind a word for it. */
function redactProtocols(value: string, hide: Hide): string {
  let isAnnounced = false;
  return value
    .split(',')
    .map((part) => {
      const name = part.trim();
      const isShown = name === '' || (!isAnnounced && name.length <= LONGEST_PROTOCOL && PROTOCOL.test(name));
      isAnnounced = isSecretName(name) || /^(?:basic|bearer)$/i.test(name);
      return isShown ? part : `${part.startsWith(' ') ? ' ' : ''}${hide(name)}`;
    })
    .join(',');
}

const LONGEST_PROTOCOL = 24;
const SCHEMES = /^(bearer|basic|digest|dpop|jwt|negotiate|token)\s+(.+)$/is;

function redactCredentials(value: string, hide: Hide): string {
  const [, scheme, credentials] = SCHEMES.exec(value.trim()) ?? [];
  if (scheme === undefined || credentials === undefined) return value === '' ? '' : hide(value);
  return `${scheme} ${hide(credentials)}`;
}

export function redactCookie(field: string, hide: Hide): string {
  return requestCookies(field)
    .map(([name, value]) => (name === '' ? hide(value) : `${name}=${hideCookie(value, hide)}`))
    .join('; ');
}

/** An empty value is how cookies are deleted; Django writes it as `""`. */
export function hideCookie(value: string, hide: Hide): string {
  return value === '' || value === '""' ? value : hide(value);
}

/** The attributes that there are (RFC 6265bis, 5.6; CHIPS); anything else may be the rest of a value. */
const ATTRIBUTES: ReadonlySet<string> = new Set([
  'domain',
  'expires',
  'httponly',
  'max-age',
  'partitioned',
  'path',
  'priority',
  'samesite',
  'secure',
]);

export function redactSetCookie(line: string, hide: Hide): string {
  const [pair = '', ...attributes] = line.split(';');
  const shown = attributes.map((attribute) => {
    const [name = '', ...rest] = attribute.split('=');
    if (!ATTRIBUTES.has(name.trim().toLowerCase()))
      return attribute.trim() === '' ? attribute : ` ${hide(attribute.trim())}`;
    return rest.length === 0 ? attribute : `${name}=${redactText(rest.join('='), hide)}`;
  });
  return [redactCookie(pair, hide), ...shown].join(';');
}
