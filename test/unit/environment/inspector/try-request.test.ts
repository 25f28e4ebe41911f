import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTryRequest } from '../../../../src/environment/inspector/try-request.ts';
import { JwtDevError } from '../../../../src/errors.ts';

const API = 'https://api.example.com:8443';

test('a request of a form is taken as it is', () => {
  const login = { method: 'POST', path: '/auth/login/?next=%2F', json: { username: 'ann' } };
  expect(parseTryRequest({ ...login, more: 1 })).toEqual(login);
  expect(parseTryRequest({ method: 'GET', path: '/' })).toEqual({ method: 'GET', path: '/' });
  expect(parseTryRequest({ method: 'PATCH', path: '/a', json: null })).toEqual({
    method: 'PATCH',
    path: '/a',
    json: null,
  });
});

test.each([
  null,
  'GET /',
  [],
  {},
  { method: 'GET' },
  { method: 'get', path: '/' },
  { method: 'TRACE', path: '/' },
  { method: 'CONNECT', path: '/' },
  { method: 'GET', path: '' },
  { method: 'GET', path: 'auth/user/' },
  { method: 'GET', path: 'https://attacker.test/' },
  { method: 'GET', path: '@attacker.test/' },
  { method: 'GET', path: '/a b' },
  { method: 'GET', path: '/a\r\nHost: attacker.test' },
  { method: 'GET', path: '/#part' },
  { method: 'GET', path: '/\\attacker.test' },
  { method: 'GET', path: '/ü' },
  { method: 'GET', path: '/', json: {} },
  { method: 'GET', path: `/${'a'.repeat(2_000)}` },
  { method: 'GET', path: ['/'] },
])('%j is none', (value) => {
  expect(() => parseTryRequest(value)).toThrow(JwtDevError);
});

test('what is nested as deeply as to end the stack is none', () => {
  const nested = (levels: number): unknown =>
    JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as unknown;
  const request = { method: 'POST', path: '/' };
  expect(parseTryRequest({ ...request, json: nested(100) }).json).toEqual(nested(100));
  for (const levels of [101, 30_000])
    expect(() => parseTryRequest({ ...request, json: nested(levels) })).toThrow(JwtDevError);
});

test('whatever path is taken, it leads to the API’s host', () => {
  const characters = fc.constantFrom(...Array.from('/\\@:.?#[]%&=;, \tab0~-_!$*+()\'"<>^`{|}é\r\n'));
  const paths = fc.array(characters, { maxLength: 20 }).map((each) => `/${each.join('')}`);
  let taken = 0;
  fc.assert(
    fc.property(paths, (path) => {
      try {
        const request = parseTryRequest({ method: 'GET', path });
        expect(new URL(`${API}${request.path}`).origin).toBe(API);
        taken += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(JwtDevError);
      }
    }),
    { numRuns: 2_000 },
  );
  expect(taken).toBeGreaterThan(20);
});
