import { byteString, decode, lowerAscii } from './bytes.ts';
import type { CookieReason, CookieWarning } from './reasons.ts';
import type { Priority, SameSite, SetCookieLine } from './types.ts';

/** Sizes in bytes, RFC 6265bis 5.6. */
export const MAX_NAME_VALUE_BYTES = 4096;
export const MAX_ATTRIBUTE_BYTES = 1024;

/** The attributes that count: of several with one name, the last (5.7). Byte strings, see bytes.ts. */
export interface ParsedAttributes {
  readonly path: string | undefined;
  readonly domain: string | undefined;
  readonly maxAge: string | undefined;
  readonly expires: string | undefined;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly partitioned: boolean;
  readonly sameSite: SameSite;
  readonly priority: Priority;
}

export interface ParsedLine {
  readonly name: string;
  readonly value: string;
  readonly attributes: ParsedAttributes;
  readonly warnings: readonly CookieWarning[];
}

export type ParseResult =
  | { readonly ok: true; readonly parsed: ParsedLine }
  | { readonly ok: false; readonly reason: CookieReason };

/** A NUL invalidates the whole response in Chromium's HTTP parser, before any cookie is looked at. */
export const hasNul = (bytes: string): boolean => bytes.includes('\0');

function hasControl(bytes: string): boolean {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes.charCodeAt(at);
    if (byte < 0x20 || byte === 0x7f) return true;
  }
  return false;
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\t';

/** Spaces and tabs only. By hand: a regular expression is quadratic on a long run of blanks within a value. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}

// Maps, not objects: what a server sends may be called "constructor".
const SAME_SITE = new Map<string, SameSite>([
  ['strict', 'Strict'],
  ['lax', 'Lax'],
  ['none', 'None'],
]);
const PRIORITY = new Map<string, Priority>([
  ['low', 'Low'],
  ['medium', 'Medium'],
  ['high', 'High'],
]);

/** `name=value`; without `=` the first pair is a nameless value, a later one an attribute without value. */
function splitPair(text: string, first: boolean): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals >= 0) return [trim(text.slice(0, equals)), trim(text.slice(equals + 1))];
  return first ? ['', trim(text)] : [trim(text), ''];
}

/** Splits and checks one line (byte string) as Chromium's ParsedCookie does. */
export function parseLine(line: string): ParseResult {
  // CR and LF end a header; whatever let them through, Chromium stops there.
  const [pair = '', ...rest] = (line.split(/[\r\n\0]/, 1)[0] ?? '').split(';');
  const [name, value] = splitPair(pair, true);
  if (name === '' && value === '') return { ok: false, reason: 'NoCookieContent' };
  if (name.length + value.length > MAX_NAME_VALUE_BYTES) {
    return { ok: false, reason: 'NameValuePairExceedsMaxSize' };
  }
  if (hasControl(name) || hasControl(value)) return { ok: false, reason: 'DisallowedCharacter' };

  const last = new Map<string, string>();
  let tooLong = false;
  for (const text of rest) {
    const [attribute, content] = splitPair(text, false);
    if (hasControl(attribute) || hasControl(content)) return { ok: false, reason: 'DisallowedCharacter' };
    if (content.length > MAX_ATTRIBUTE_BYTES) tooLong = true;
    else last.set(lowerAscii(attribute), content);
  }
  const attributes: ParsedAttributes = {
    path: last.get('path'),
    domain: last.get('domain'),
    maxAge: last.get('max-age'),
    expires: last.get('expires'),
    secure: last.has('secure'),
    httpOnly: last.has('httponly'),
    partitioned: last.has('partitioned'),
    sameSite: SAME_SITE.get(lowerAscii(last.get('samesite') ?? '')) ?? 'unspecified',
    priority: PRIORITY.get(lowerAscii(last.get('priority') ?? '')) ?? 'Medium',
  };
  const warnings: CookieWarning[] = tooLong ? ['WarnAttributeValueExceedsMaxSize'] : [];
  return { ok: true, parsed: { name, value, attributes, warnings } };
}

/** A Set-Cookie line as read by the browser, before anything is judged. Texts are decoded UTF-8. */
export type SetCookieParts =
  | {
      readonly ok: true;
      readonly name: string;
      readonly value: string;
      readonly attributes: ParsedAttributes;
      readonly warnings: readonly CookieWarning[];
    }
  | { readonly ok: false; readonly reason: CookieReason };

/** Reads one Set-Cookie value. Never throws. RFC 6265bis 5.6. */
export function parseSetCookie(line: SetCookieLine): SetCookieParts {
  const result = parseLine(byteString(line));
  if (!result.ok) return result;
  const { name, value, attributes, warnings } = result.parsed;
  const text = (bytes: string | undefined): string | undefined =>
    bytes === undefined ? undefined : decode(bytes);
  return {
    ok: true,
    name: decode(name),
    value: decode(value),
    attributes: {
      ...attributes,
      path: text(attributes.path),
      domain: text(attributes.domain),
      maxAge: text(attributes.maxAge),
      expires: text(attributes.expires),
    },
    warnings,
  };
}
