import { describe, expect, test } from 'vitest';
import { parseRequestTarget } from '../../../src/proxy/request-target.ts';

const head = (target: string, headers: readonly string[], authority?: string, method = 'GET') =>
  parseRequestTarget({ method, target, headers, authority });

describe('parseRequestTarget', () => {
  test('takes the host from Host, :authority or the target, the nearest to the client first', () => {
    expect(head('/a?b', ['Host', 'Example.com:1'])).toEqual({
      authority: 'Example.com:1',
      hostname: 'example.com',
      path: '/a?b',
    });
    expect(head('/', [], 'example.com')).toMatchObject({ hostname: 'example.com' });
    expect(head('/', ['host', 'example.com'], 'EXAMPLE.com')).toMatchObject({ hostname: 'example.com' });
    expect(head('HTTPS://api.example.com:8443/x?y', ['host', 'example.com'])).toEqual({
      authority: 'api.example.com:8443',
      hostname: 'api.example.com',
      path: '/x?y',
    });
    expect(head('https://example.com?y', [])).toMatchObject({ path: '/?y' });
  });

  test('leaves the path as it is', () => {
    expect(head('//a/./../b%2f?x#y', ['host', 'example.com'])).toMatchObject({ path: '//a/./../b%2f?x#y' });
  });

  test('takes the whole server as the target of OPTIONS alone', () => {
    expect(head('*', ['Host', 'example.com'], undefined, 'OPTIONS')).toMatchObject({ path: '*' });
    expect(head('*', [], 'example.com', 'OPTIONS')).toMatchObject({ path: '*' });
    expect(head('https://example.com', [], undefined, 'OPTIONS')).toMatchObject({ path: '*' });
    expect(head('https://example.com/', [], undefined, 'OPTIONS')).toMatchObject({ path: '/' });
    expect(head('https://example.com', [])).toMatchObject({ path: '/' });
  });

  test.each([
    ['no host', '/', [], undefined, 'ERR_HOST_MISSING'],
    ['an empty host', '/', ['Host', ''], undefined, 'ERR_HOST_MISSING'],
    ['two hosts', '/', ['Host', 'a', 'host', 'a'], undefined, 'ERR_BAD_REQUEST'],
    ['a Host that is not the authority', '/', ['host', 'a'], 'b', 'ERR_BAD_REQUEST'],
    ['a host that is none', '/', ['Host', 'a b'], undefined, 'ERR_BAD_REQUEST'],
    ['user information', 'http://u@example.com/', [], undefined, 'ERR_BAD_REQUEST'],
    ['an asterisk', '*', ['Host', 'a'], undefined, 'ERR_BAD_REQUEST'],
    ['another scheme', 'ftp://a/', ['Host', 'a'], undefined, 'ERR_BAD_REQUEST'],
  ] as const)('refuses %s', (_name, target, headers, authority, code) => {
    expect(head(target, headers, authority)).toMatchObject({ code });
  });
});
