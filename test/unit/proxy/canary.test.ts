import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canaryFor, takeCanary, withoutCanary } from '../../../src/proxy/canary.ts';

const FIELD = '__jwtdev=1; Domain=example.com; Path=/; Secure; HttpOnly; SameSite=Lax';
const HTML = ['Content-Type', 'text/html; charset=utf-8'];
const navigation = ['Sec-Fetch-Dest', 'document', 'accept', '*/*'];

describe('who gets the canary', () => {
  test.each([
    ['a document that was navigated to', navigation, 200, HTML],
    ['an error page of the frontend', navigation, 404, HTML],
    ['a client without Fetch Metadata that asks for a page', ['Accept', 'text/html,*/*'], 200, HTML],
  ])('%s sets it', (_what, request, status, answer) => {
    expect(canaryFor('example.com', request, status, answer)).toEqual(['set-cookie', FIELD]);
  });

  test.each([
    ['a 304', navigation, 304, HTML],
    ['a redirect', navigation, 302, HTML],
    ['a script', navigation, 200, ['content-type', 'text/javascript']],
    ['an answer without a type', navigation, 200, []],
    ['a type that only begins so', navigation, 200, ['content-type', 'text/html5']],
    ['a fetch of a page', ['sec-fetch-dest', 'empty', 'accept', 'text/html'], 200, HTML],
    ['a frame', ['sec-fetch-dest', 'iframe', 'accept', 'text/html'], 200, HTML],
    ['a client that takes anything', ['accept', '*/*'], 200, HTML],
  ])('%s does not', (_what, request, status, answer) => {
    expect(canaryFor('example.com', request, status, answer)).toEqual([]);
  });
});

describe('what upstreams see of it', () => {
  test.each([
    ['__jwtdev=1', ''],
    ['__jwtdev=1; a=1', 'a=1'],
    ['a=1; __jwtdev=1', 'a=1'],
    ['a=1; __jwtdev=1; b=2', 'a=1; b=2'],
    ['a=1;__jwtdev=1;b=2', 'a=1;b=2'],
    ['a=1; __jwtdev=1; b="x;__jwtdev"; c', 'a=1; b="x;__jwtdev"; c'],
    ['a=1; x__jwtdev=1; __jwtdev2=1', 'a=1; x__jwtdev=1; __jwtdev2=1'],
    ['__jwtdev', '__jwtdev'],
    ['__jwtdev=1; __jwtdev=2; a= b ;c=é', 'a= b ;c=é'],
  ])('%s becomes %s', (sent, seen) => {
    expect(withoutCanary(sent)).toBe(seen);
  });

  test('all other cookies stay byte for byte, wherever it stands', () => {
    const cookie = fc
      .string({ unit: 'binary-ascii', maxLength: 12 })
      .map((text) => text.replaceAll(';', ','));
    fc.assert(
      fc.property(fc.array(cookie, { minLength: 1, maxLength: 6 }), fc.nat(6), (cookies, at) => {
        const others = cookies.map((text, index) => `c${index}=${text}`);
        const place = Math.min(at, others.length);
        const sent = others.toSpliced(place, 0, '__jwtdev=1').join('; ');
        expect(withoutCanary(sent)).toBe(others.join('; '));
        const headers = ['host', 'example.com', 'Cookie', sent, 'accept', '*/*'];
        expect(takeCanary(headers)).toBe(true);
        expect(headers).toEqual(['host', 'example.com', 'Cookie', others.join('; '), 'accept', '*/*']);
      }),
    );
  });

  test('a field that held nothing else goes, and without the canary nothing changes', () => {
    const alone = ['host', 'x', 'cookie', '__jwtdev=1', 'accept', '*/*'];
    expect(takeCanary(alone)).toBe(true);
    expect(alone).toEqual(['host', 'x', 'accept', '*/*']);
    const none = ['host', 'x', 'cookie', 'my__jwtdev=1'];
    expect(takeCanary(none)).toBe(false);
    expect(none).toEqual(['host', 'x', 'cookie', 'my__jwtdev=1']);
    expect(takeCanary(['host', 'x'])).toBe(false);
  });
});
