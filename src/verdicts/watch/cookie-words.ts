import { parseSetCookie } from '../cookies/parse-set-cookie.ts';
import { asBytes } from './answer-cookies.ts';
import type { Sight } from './sight.ts';
import { shown } from './words.ts';

/** Why a browser refuses a Set-Cookie line, with the attribute at fault. Never the value. */
export function refusalWords(reason: string, line: string, sight: Sight): string {
  const parts = parseSetCookie(asBytes(line));
  const attributes = parts.ok ? parts.attributes : null;
  const page = sight.origin === null || sight.origin === 'null' ? 'another site' : shown(sight.origin);
  switch (reason) {
    case 'InvalidDomain':
      return `Domain=${shown(attributes?.domain ?? '')} is not ${sight.host} or a parent of it that cookies may be set for`;
    case 'SameSiteNoneInsecure':
      return 'SameSite=None without Secure';
    case 'InvalidPrefix':
      return 'its prefix asks for attributes that are not there, or not as they must be';
    case 'SecureOnly':
      return 'it is Secure, and the answer came over plain http';
    case 'OverwriteSecure':
      return 'it would replace a Secure cookie, and the answer came over plain http';
    case 'NameValuePairExceedsMaxSize':
      return `${pairBytes(line)} bytes > 4096`;
    case 'UserPreferences':
      return `the page is of another site (${page}), and this browser blocks third-party cookies`;
    case 'SchemefulSameSiteStrict':
    case 'SchemefulSameSiteLax':
      return `it is SameSite=${attributes?.sameSite ?? ''}, and the page is of another site (${page})`;
    case 'SchemefulSameSiteUnspecifiedTreatedAsLax':
      return `it has no SameSite, which counts as Lax, and the page is of another site (${page})`;
    case 'NoCookieContent':
      return 'it has neither name nor value';
    case 'SyntaxError':
      return 'the same answer clears cookies with Clear-Site-Data';
    case 'DisallowedCharacter':
      return 'there is a control character in it';
    case 'PartitionedInsecure':
      return 'Partitioned without Secure, which DevTools does not show';
    default:
      return 'it has no name and a value with = in it, which DevTools does not show';
  }
}

/** What counts: name and value, in bytes, without the `=` between them (RFC 6265bis, 5.6). */
function pairBytes(line: string): number {
  const [pair = ''] = line.split(';', 1);
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(equals, 0)).trim();
  const value = pair.slice(equals + 1).trim();
  const bytes = asBytes(name + value);
  return typeof bytes === 'string' ? new TextEncoder().encode(bytes).length : bytes.length;
}
