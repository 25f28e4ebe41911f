import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { pacSource } from '../../../src/rootless/pac.ts';

const hostnames = ['example.com', 'api.example.com'];

/** What a browser does with the script: it calls the one function of it, with nothing else around. */
function evaluate(source: string): (url: string, host: string) => string {
  const context = vm.createContext({});
  vm.runInContext(source, context);
  return vm.runInContext('FindProxyForURL', context) as (url: string, host: string) => string;
}

const find = evaluate(pacSource(hostnames, '127.0.0.1:5198'));

describe('our names go to the proxy, and only there', () => {
  test.each([
    ['https://example.com/', 'example.com'],
    ['http://example.com/', 'example.com'],
    ['wss://example.com/', 'example.com'],
    ['ws://api.example.com/hmr', 'api.example.com'],
    ['HTTPS://API.EXAMPLE.COM/', 'API.EXAMPLE.COM'],
    ['https://example.com./', 'example.com.'],
    // Another port of our name is not somebody else's server: the proxy says what it has.
    ['https://example.com:8443/', 'example.com'],
  ])('%s', (url, host) => expect(find(url, host)).toBe('PROXY 127.0.0.1:5198'));
});

describe('everything else goes its usual way', () => {
  test.each([
    ['https://www.example.com/', 'www.example.com'],
    ['https://example.com.evil.test/', 'example.com.evil.test'],
    ['https://notexample.com/', 'notexample.com'],
    ['https://example.org/?https://example.com/', 'example.org'],
    ['https://127.0.0.1/', '127.0.0.1'],
    ['http://localhost:5173/', 'localhost'],
    ['ftp://example.com/', 'example.com'],
    ['https://example.com../', 'example.com..'],
    ['', ''],
  ])('%s', (url, host) => expect(find(url, host)).toBe('DIRECT'));
});

test('nothing in a name becomes code', () => {
  const hostile = evaluate(pacSource(["x'];throw 1;//", '</script>"\n'], '127.0.0.1:1'));
  expect(hostile('https://example.com/', 'example.com')).toBe('DIRECT');
});

test('it is ECMAScript 3, which Windows runs it as: no newer word or sign in it', () => {
  expect(pacSource(hostnames, '127.0.0.1:5198')).not.toMatch(/=>|\b(?:let|const|includes|indexOf)\b|`/);
});
