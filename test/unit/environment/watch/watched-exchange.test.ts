import { describe, expect, test } from 'vitest';
import { mayMatter, toWatchedExchange } from '../../../../src/environment/watch/watched-exchange.ts';
import type { Exchange, Failure } from '../../../../src/proxy/types.ts';
import { exchangeOf } from '../../../helpers/watch-exchanges.ts';

const failure = (code: Failure['code']): Failure => ({ code, message: '', hint: '' });
const convert = (changes: Partial<Exchange>, port = 443) =>
  toWatchedExchange(exchangeOf(changes), { port, canary: 'unknown' });

describe('an exchange as the rules see it', () => {
  test('names its URL as the client wrote it, and leaves pseudo-header fields out', () => {
    const requestHeaders = [':method', 'GET', ':path', '/x?y=1', 'Origin', 'https://example.com'];
    expect(convert({ path: '/x?y=1', requestHeaders }, 8443)).toMatchObject({
      url: 'https://api.example.com:8443/x?y=1',
      requestHeaders: [['Origin', 'https://example.com']],
      at: 1_000,
      fromBackend: true,
    });
    expect(convert({ method: 'OPTIONS', path: '*' }).url).toBe('https://api.example.com/');
  });

  test('has one Cookie field, without the canary, where HTTP/2 had many', () => {
    const cookies = (...crumbs: readonly string[]) =>
      convert({ requestHeaders: crumbs.flatMap((crumb) => ['cookie', crumb]) }).requestHeaders;
    expect(cookies('a=1', '__jwtdev=1', 'a=2')).toEqual([['cookie', 'a=1; a=2']]);
    expect(cookies('__jwtdev=1')).toEqual([]);
    expect(cookies('a=1')).toEqual([['cookie', 'a=1']]);
  });

  test.each([
    ['an answer', {}, true],
    ['an answer that the client did not wait for', { failure: failure('ERR_CLIENT_ABORTED') }, true],
    ['no answer, as the client left', { status: 0, failure: failure('ERR_CLIENT_ABORTED') }, false],
    ['the page of a dead upstream', { status: 502, failure: failure('ERR_UPSTREAM_UNREACHABLE') }, false],
    ['an answer of the proxy itself', { upstream: null }, false],
  ])('%s: from the backend or not', (_what, changes, expected) => {
    expect(convert(changes).fromBackend).toBe(expected);
  });
});

describe('what is passed by', () => {
  const page = (changes: Partial<Exchange> = {}) =>
    exchangeOf({ hostname: 'example.com', path: '/app.js', canary: 'sent', ...changes });
  const request = (...requestHeaders: readonly string[]) => ({ requestHeaders });

  test.each([
    ['a script with cookies', page(request('sec-fetch-dest', 'script', 'cookie', 'a=1'))],
    ['a picture', page(request('sec-fetch-mode', 'no-cors', 'sec-fetch-dest', 'image'))],
    ['what a program without cookies asks for', page(request('user-agent', 'curl/8'))],
  ])('%s', (_what, exchange) => {
    expect(mayMatter(exchange, 'example.com')).toBe(false);
  });

  test.each([
    ['anything of the API', exchangeOf()],
    ['a document', page(request('sec-fetch-dest', 'document'))],
    ['a fetch', page(request('sec-fetch-dest', 'empty'))],
    ['a module from another origin', page(request('sec-fetch-dest', 'script', 'origin', 'https://x.test'))],
    ['a request with cookies of an older browser', page(request('Cookie', 'a=1'))],
    ['a cookie that is set', page({ responseHeaders: ['Set-Cookie', 'a=1'] })],
    [
      'a picture for a page of another site',
      page(request('sec-fetch-site', 'cross-site', 'sec-fetch-dest', 'image')),
    ],
    ['a refusal', page({ status: 403 })],
    ['a request that changes something', page({ method: 'POST' })],
    ['a WebSocket', page({ kind: 'websocket', status: 101 })],
    ['HSTS', page({ withheldHeaders: ['strict-transport-security', 'max-age=1'] })],
    [
      'a browser without the canary',
      page({ ...request('sec-fetch-mode', 'no-cors', 'sec-fetch-dest', 'image'), canary: 'not-sent' }),
    ],
  ])('%s is not', (_what, exchange) => {
    expect(mayMatter(exchange, 'example.com')).toBe(true);
  });
});
