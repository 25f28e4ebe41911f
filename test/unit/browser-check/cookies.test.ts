import { expect, test } from 'vitest';
import { deletingLines, describeCookies, settingLines } from '../../../src/browser-check/cookies.ts';
import { CHECK_PREFIX, sideOf } from '../../../src/browser-check/places.ts';

const nameOf = (line: string): string => line.slice(0, line.indexOf('='));

test.each(['frontend', 'api'] as const)('every cookie of the %s is deleted as it was set', (side) => {
  const [set, deleted] = [settingLines(side, 'example.com', 'value'), deletingLines(side, 'example.com')];
  expect(set.length).toBeGreaterThan(1);
  for (const [index, line] of set.entries()) {
    expect(line).toContain('=value; ');
    // No backend ever gets it, and it does not outlive a page that was closed.
    expect(line).toContain(`; Path=${CHECK_PREFIX}; Max-Age=120`);
    expect(deleted[index]).toBe(line.replace('=value; ', '=; ').replace('Max-Age=120', 'Max-Age=0'));
  }
  expect(new Set(set.map(nameOf)).size).toBe(set.length);
});

test('of a Cookie field the page is told its own cookies, and the names of the token cookies', () => {
  const field = 'a=1; jwt-dev-check-lax=xyz;jwt-access-token=secret; jwt-dev-check-odd; b';
  expect(describeCookies(field, ['jwt-access-token', 'jwt-refresh-token'])).toEqual({
    lax: 'xyz',
    odd: '',
    'jwt-access-token': '',
  });
  expect(describeCookies(undefined, ['jwt-access-token'])).toEqual({});
});

test.each([
  ['example.com', 'frontend'],
  ['EXAMPLE.com:443', 'frontend'],
  ['api.example.com', 'api'],
  ['app.example.com', 'elsewhere'],
  ['example.com:8443', 'elsewhere'],
  ['127.0.0.1:4711', 'elsewhere'],
  ['', 'elsewhere'],
  [undefined, 'elsewhere'],
] as const)('the Host field %j is for %s', (host, side) => {
  const place = { frontend: 'https://example.com', api: 'https://api.example.com', site: 'example.com' };
  expect(sideOf(host, place)).toBe(side);
});
