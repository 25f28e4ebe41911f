import fc from 'fast-check';
import { expect } from 'vitest';

/** No word of any template below, so that finding it means that it got through. */
export const secret = fc.stringMatching(/^[A-Za-z0-9_~-]{9,40}Zq9$/);
const NAMES = [
  'password',
  'new_password1',
  'currentPassword',
  'PASSWD',
  'token',
  'access',
  'refresh',
  'accessToken',
  'REFRESH_TOKEN',
  'key',
  'apiKey',
  'client_secret',
  'code',
  'otp',
  'uid',
  'csrfmiddlewaretoken',
  'sessionid',
  'user[password]',
] as const;
export const name = fc
  .tuple(fc.constantFrom(...NAMES), fc.boolean(), fc.boolean())
  .map(([text, upper, lower]) => (upper ? text.toUpperCase() : lower ? text.toLowerCase() : text));

/** Encodings that a sender may choose. */
export function escaped(text: string): string {
  return Array.from(text, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
}
export function percent(text: string): string {
  return Array.from(text, (char) => `%${char.charCodeAt(0).toString(16)}`).join('');
}

/** The secret itself, and the tail of it: half a secret is too much. */
export function expectHidden(shown: string, planted: string): void {
  expect(shown).not.toContain(planted);
  expect(decodeURIComponent(shown.replace(/%(?![\da-f]{2})/gi, '%25'))).not.toContain(planted);
  expect(shown).not.toContain('Zq9');
}
