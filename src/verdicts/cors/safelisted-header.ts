import { trimValue } from './headers.ts';

/** Fetch, "CORS-safelisted request-header": longer values need a preflight. In bytes. */
const VALUE_MAX = 128;

/** Content types of plain HTML forms (Fetch, "CORS-safelisted request-header"). */
const FORM_TYPES = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']);

/**
 * Fetch, "CORS-unsafe request-header byte". The double quote is one of them, which is why
 * `text/plain; charset="utf-8"` needs a preflight and `text/plain; charset=utf-8` does not.
 */
function isUnsafeByte(char: string): boolean {
  const code = char.charCodeAt(0);
  return (code < 0x20 && code !== 0x09) || code === 0x7f || '"():<>?@[\\]{}'.includes(char);
}

function hasUnsafeByte(value: string): boolean {
  return value.split('').some(isUnsafeByte);
}

/** The part before the parameters decides; parameters may be anything (Chromium's ExtractMIMETypeFromMediaType). */
function isFormType(value: string): boolean {
  const essence = trimValue(value.split(';', 1)[0] ?? '').toLowerCase();
  return FORM_TYPES.has(essence);
}

/** The largest byte position that a range may name: below 2^63 - 1, which stands for "none" (Chromium's HttpByteRange). */
const POSITION_MAX = 2n ** 63n - 2n;

/**
 * Fetch, "parse a single range header value", without whitespace and with a start: `bytes=0-` and `bytes=0-9`, not
 * `bytes=-9`.
 */
function isSimpleRange(value: string): boolean {
  const range = /^bytes=(?<first>\d+)-(?<last>\d*)$/.exec(value)?.groups;
  if (range === undefined) return false;
  const first = BigInt(range['first'] ?? '');
  const last = range['last'] === '' ? first : BigInt(range['last'] ?? '');
  return first <= last && last <= POSITION_MAX;
}

/** Network Information, "effective connection types". */
const CONNECTION_TYPES = new Set(['slow-2g', '2g', '3g', '4g']);

/**
 * Whether a request header needs no leave from a preflight.
 * Fetch, "CORS-safelisted request-header"; the client hints at the end are Chromium's own (IsCorsSafelistedHeader).
 * @param name in lower case.
 * @param value one character a byte, without whitespace around it.
 */
export function isSafelistedHeader(name: string, value: string): boolean {
  if (value.length > VALUE_MAX) return false;
  switch (name) {
    case 'accept':
      return !hasUnsafeByte(value);
    case 'accept-language':
    case 'content-language':
      return /^[0-9A-Za-z *,\-.;=]*$/.test(value);
    case 'content-type':
      return !hasUnsafeByte(value) && isFormType(value);
    case 'range':
      return isSimpleRange(value);
    case 'save-data':
      return value.toLowerCase() === 'on';
    case 'device-memory':
    case 'downlink':
    case 'dpr':
      return /^\d+(\.\d+)?$/.test(value);
    case 'ect':
      return CONNECTION_TYPES.has(value);
    case 'rtt':
    case 'width':
    case 'viewport-width':
      return /^\d+$/.test(value);
    case 'intervention':
      return true;
    default:
      return false;
  }
}
