import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConnectTarget, parsePlainTarget } from '../../../src/rootless/target.ts';

const names = new Set(['example.com', 'api.example.com']);
const connect = (target: string) => parseConnectTarget(target, names);
const plain = (target: string) => parsePlainTarget(target, names);

describe('CONNECT', () => {
  test.each([
    ['example.com:443', 'example.com', 'https'],
    ['api.example.com:80', 'api.example.com', 'http'],
    ['EXAMPLE.com:443', 'example.com', 'https'],
    ['example.com.:443', 'example.com', 'https'],
  ])('%s leads to us', (target, hostname, as) => expect(connect(target)).toEqual({ hostname, as }));

  test.each([
    'www.example.com:443',
    'example.com.evil.test:443',
    'localhost:443',
    '127.0.0.1:443',
    '2130706433:443',
    '[::1]:443',
    '[::ffff:127.0.0.1]:443',
    'example.com:8443',
    'example.com:22',
    'example.com:0443',
    'example.com:65979',
    'example.com..:443',
  ])('%s is refused', (target) => expect(connect(target)).toMatchObject({ status: 403 }));

  test.each([
    'example.com',
    'example.com:',
    ':443',
    '',
    'user@example.com:443',
    'example.com:443@evil.test:443',
    'evil.test:443/example.com:443',
    'https://example.com:443',
    'example.com:443 ',
    'example.com\t:443',
    'ex%61mple.com:443',
    'example.com:４４３',
    'example.com:+443',
    '::1:443',
  ])('%j is no target', (target) => expect(connect(target)).toMatchObject({ status: 400 }));

  test('whatever comes in, only our names on 443 and 80 come out', () => {
    const pieces = fc.constantFrom(
      'example.com',
      'api.',
      ':443',
      ':80',
      '@',
      '/',
      '.',
      '[',
      ']',
      '%',
      ' ',
      'EVIL',
      ':',
    );
    const nearMisses = fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(nearMisses, fc.string({ unit: 'binary' })), (target) => {
        const found = connect(target);
        if ('status' in found) return [400, 403].includes(found.status) && found.message !== '';
        const { hostname, as } = found;
        const port = as === 'https' ? 443 : 80;
        return names.has(hostname) && new RegExp(`^${hostname}\\.?:${port}$`, 'i').test(target);
      }),
      { numRuns: 20_000 },
    );
  });

  test('a refusal names where it would lead, in a bounded sentence', () => {
    const found = connect(`${'a'.repeat(5_000)}:443`);
    expect(found).toMatchObject({ status: 403, message: expect.stringContaining('api.example.com') });
    expect('message' in found && found.message.length).toBeLessThan(600);
  });
});

describe('absolute-form', () => {
  test.each([
    ['http://example.com/', 'https://example.com/'],
    ['http://example.com', 'https://example.com/'],
    ['http://example.com?a=1', 'https://example.com/?a=1'],
    ['HTTP://API.EXAMPLE.COM:80/a//b?c=%2f', 'https://api.example.com/a//b?c=%2f'],
    ['http://example.com./a', 'https://example.com/a'],
  ])('%s is led to %s', (target, location) => expect(plain(target)).toEqual({ location }));

  test.each([
    ['http://evil.test/', 403],
    ['http://127.0.0.1/', 403],
    ['http://[::1]/', 403],
    ['http://example.com:8080/', 403],
    ['https://example.com/', 403],
    ['ftp://example.com/', 403],
    ['http://user@example.com/', 400],
    ['http://example.com@evil.test/', 400],
    ['http://example.com\\@evil.test/', 400],
    ['http:///example.com/', 400],
    ['http:example.com', 400],
    ['*', 400],
    ['', 400],
  ])('%s is refused with %i', (target, status) => expect(plain(target)).toMatchObject({ status }));

  test('a redirect never leads to another host', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', '/', '?', '#', '@', '.', '\\', '//'),
        (rest, mark) => {
          const found = plain(`http://example.com${mark}${rest}`);
          return 'status' in found || /^https:\/\/(?:api\.)?example\.com\//.test(found.location);
        },
      ),
      { numRuns: 20_000 },
    );
  });
});
