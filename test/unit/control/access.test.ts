import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AccessQuestion, knowsSecret, refuseForeign } from '../../../src/control/access.ts';

const PORT = 5001;
const HOST = `127.0.0.1:${PORT}`;

function judged(headers: IncomingHttpHeaders, more: Partial<AccessQuestion> = {}): string | undefined {
  const question = { method: 'GET', port: PORT, isPage: true, ...more };
  return refuseForeign({ ...question, headers: { host: HOST, ...headers } })?.code;
}

test('programs, which send none of it, and our own page pass', () => {
  expect(judged({})).toBeUndefined();
  expect(judged({ 'sec-fetch-mode': 'cors' }, { method: 'POST', isPage: false })).toBeUndefined();
  const own = { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' };
  expect(judged(own, { method: 'DELETE', isPage: false })).toBeUndefined();
  for (const host of [`localhost:${PORT}`, `LOCALHOST:${PORT}`, `[::1]:${PORT}`])
    expect(judged({ host, origin: `http://${host.toLowerCase()}` })).toBeUndefined();
});

test.each([
  `attacker.example:${PORT}`,
  `127.0.0.1.nip.io:${PORT}`,
  `localhost.:${PORT}`,
  '127.0.0.1',
  'localhost:80',
  `127.0.0.1:${PORT}, attacker.example`,
  `user@127.0.0.1:${PORT}`,
  `127.1:${PORT}`,
  '',
])('the host %j is somebody else’s', (host) => {
  expect(judged({ host })).toBe('ERR_HOST');
});

test.each([
  'null',
  '',
  'https://example.com',
  `https://${HOST}`,
  `http://localhost:${PORT}`,
  'http://127.0.0.1',
  `http://${HOST}.attacker.example`,
  `http://${HOST}, http://${HOST}`,
])('the origin %j is somebody else’s', (origin) => {
  expect(judged({ origin })).toBe('ERR_ORIGIN');
});

const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-user': '?1' };

test('a link of another site leads to the page, and to nothing else', () => {
  for (const site of ['cross-site', 'same-site']) {
    const followed = { ...link, 'sec-fetch-site': site };
    expect(judged(followed)).toBeUndefined();
    expect(judged(followed, { isPage: false })).toBe('ERR_ORIGIN');
    expect(judged(followed, { method: 'POST' })).toBe('ERR_ORIGIN');
    expect(judged(followed, { method: 'HEAD' })).toBe('ERR_ORIGIN');
    expect(judged({ ...followed, origin: 'null' })).toBe('ERR_ORIGIN');
    for (const dest of ['iframe', 'frame', 'embed', 'object', 'image', 'script', undefined])
      expect(judged({ ...followed, 'sec-fetch-dest': dest })).toBe('ERR_ORIGIN');
    for (const mode of ['no-cors', 'cors', 'nested-navigate', 'websocket', undefined])
      expect(judged({ ...followed, 'sec-fetch-mode': mode })).toBe('ERR_ORIGIN');
  }
  expect(judged({ ...link, 'sec-fetch-site': 'none' })).toBeUndefined();
});

test('whatever else a browser says of the site, only its own and the user’s own passes', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (site, isPage) => {
      const found = judged({ 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' }, { isPage });
      expect(found).toBe(site === 'same-origin' || site === 'none' ? undefined : 'ERR_ORIGIN');
    }),
  );
});

test('the secret is known as a whole, as a bearer token, or not at all', () => {
  const secret = 'a-long-secret';
  const knows = (authorization: string | undefined) =>
    knowsSecret(authorization === undefined ? {} : { authorization }, secret);
  expect([knows(`Bearer ${secret}`), knows(`bearer ${secret}`)]).toEqual([true, true]);
  expect(knows(undefined)).toBe(false);
  for (const near of [`${secret}x`, `x${secret}`, secret.slice(0, -1), secret.toUpperCase(), `${secret} `])
    expect(knows(`Bearer ${near}`)).toBe(false);
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('Bearer ', 'Basic ', ''), (text, scheme) => {
      fc.pre(text !== secret);
      expect(knows(`${scheme}${text}`)).toBe(false);
    }),
  );
});
