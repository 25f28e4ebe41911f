import { describe, expect, it } from 'vitest';
import {
  accessCookie,
  cookieScopes,
  deletionCookie,
  refreshCookie,
} from '../../../src/auth/token-cookies.ts';
import { authConfig } from '../../helpers/auth-api.ts';

const NOW = Date.UTC(2026, 0, 1);
const { cookies, tokens } = authConfig();

describe('the token cookies', () => {
  it('live as long as their tokens and carry every attribute of the configuration', () => {
    expect(accessCookie('A', cookies, tokens, NOW)).toBe(
      'jwt-access-token=A; expires=Thu, 01 Jan 2026 00:05:00 GMT; HttpOnly; Max-Age=300; Path=/; SameSite=Lax; Secure',
    );
    expect(
      refreshCookie('R', { ...cookies, refreshPath: '/auth/', domain: 'example.com' }, tokens, NOW),
    ).toBe(
      'jwt-refresh-token=R; Domain=example.com; expires=Fri, 02 Jan 2026 00:00:00 GMT; HttpOnly; Max-Age=86400; Path=/auth/; SameSite=Lax; Secure',
    );
  });

  it('are deleted with the Domain and Path that they were set with', () => {
    const scoped = { ...cookies, refreshPath: '/auth/', domain: 'example.com' };
    expect(cookieScopes(scoped).map((scope) => deletionCookie(scope, scoped))).toEqual([
      'jwt-access-token=""; Domain=example.com; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax',
      'jwt-refresh-token=""; Domain=example.com; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/auth/; SameSite=Lax',
    ]);
  });

  it.each([
    ['SameSite=None', { ...cookies, sameSite: 'None' as const }, 'x'],
    ['the __Host- prefix', cookies, '__Host-x'],
  ])('are deleted with Secure where browsers insist on it: %s', (_, config, name) => {
    expect(deletionCookie({ name, domain: null, path: '/' }, config)).toMatch(/; Secure$/);
  });
});
