import { describe, expect, test } from 'vitest';
import { headerOf } from '../../../src/proxy/headers.ts';
import { answerPlainHttp } from '../../../src/proxy/redirect.ts';

const facts = {
  httpsPort: 443,
  hostnames: ['example.com'],
  frontendOrigin: 'https://example.com',
  nonce: 'n',
};
const answer = (target: string, host: string, httpsPort = 443, method = 'GET') =>
  answerPlainHttp({ method, target, authority: undefined, headers: ['Host', host] }, { ...facts, httpsPort });

describe('answerPlainHttp', () => {
  test('knows the whole server as the URI without a path', () => {
    expect(headerOf(answer('*', 'example.com', 8443, 'OPTIONS').headers, 'location')).toBe(
      'https://example.com:8443',
    );
    expect(answer('*', 'example.com').status).toBe(400);
  });

  test.each([
    ['/a?b', 'example.com', 443, 'https://example.com/a?b'],
    ['/a?b', 'EXAMPLE.com.:8080', 443, 'https://example.com/a?b'],
    ['//evil.test/', 'example.com', 443, 'https://example.com//evil.test/'],
    ['/', 'example.com', 8443, 'https://example.com:8443/'],
    ['http://example.com/x', 'other.test', 443, 'https://example.com/x'],
  ])('sends %s of %s on port %i to %s', (target, host, port, location) => {
    const redirect = answer(target, host, port);
    expect(redirect.status).toBe(308);
    expect(headerOf(redirect.headers, 'location')).toBe(location);
    expect(headerOf(redirect.headers, 'cache-control')).toBe('no-store');
  });

  test('sends nobody to a host that is not here', () => {
    expect(answer('/', 'evil.test').status).toBe(421);
    expect(answer('http://evil.test/', 'example.com').status).toBe(421);
    expect(answer('/', 'a b').status).toBe(400);
  });
});
