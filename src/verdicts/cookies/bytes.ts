import type { SetCookieLine } from './types.ts';

// Cookies are bytes. Inside the model they are "byte strings": one character (U+0000 to U+00FF) per byte, the form
// in which Node's http hands headers over, and in which sizes and prefixes can be compared as they are.
const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lossy = new TextDecoder('utf-8', { ignoreBOM: true });

/** A loop, not a regular expression or an iterator: this runs for every cookie of every request. */
export function isAscii(bytes: string): boolean {
  for (let at = 0; at < bytes.length; at += 1) if (bytes.charCodeAt(at) > 0x7f) return false;
  return true;
}

function toByteString(bytes: Uint8Array): string {
  let out = '';
  // In slices: the argument list of a call is limited.
  for (let at = 0; at < bytes.length; at += 8192) {
    out += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return out;
}

/** Text (as UTF-8) or bytes -> byte string. */
export function byteString(line: SetCookieLine): string {
  if (typeof line !== 'string') return toByteString(line);
  return isAscii(line) ? line : toByteString(encoder.encode(line));
}

/** A header value as Node's `http` gives it (one character per byte) -> what `receive` and `parseSetCookie` take. */
export function fromLatin1(header: string): Uint8Array {
  const bytes = new Uint8Array(header.length);
  for (let at = 0; at < header.length; at += 1) bytes[at] = header.charCodeAt(at);
  return bytes;
}

/** Byte string -> text, or `undefined` if it is not UTF-8. */
export function decodeStrict(bytes: string): string | undefined {
  if (isAscii(bytes)) return bytes;
  try {
    return strict.decode(fromLatin1(bytes));
  } catch (error) {
    // The only error a fatal decoder knows.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Byte string -> text with U+FFFD for what is not UTF-8. */
export function decode(bytes: string): string {
  return isAscii(bytes) ? bytes : lossy.decode(fromLatin1(bytes));
}

/** Only A to Z, as the protocol's comparisons are ASCII-case-insensitive; other letters are left alone. */
export const lowerAscii = (bytes: string): string =>
  /[A-Z]/.test(bytes) ? bytes.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : bytes;
