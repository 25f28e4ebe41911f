import type { HeaderPairs } from '../header-pairs.ts';
import { requestCookies } from '../watch/request-cookies.ts';
import { type Hide, redactText } from './redact-text.ts';
import { redactTarget } from './redact-url.ts';
import { isSecretHeader } from './secret-names.ts';

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
      return redactTarget(value, hide);
    case 'sec-websocket-protocol':
      // The one field that a page can put a token into.
      return value
        .split(',')
        .map((part) => (part.trim().length > LONGEST_PROTOCOL ? ` ${hide(part.trim())}` : part))
        .join(',');
    default:
      return isSecretHeader(name) && value !== '' ? hide(value) : redactText(value, hide);
  }
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
