import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPathTable } from '../../../src/proxy/path-table.ts';
import type { Route, Upstream } from '../../../src/proxy/types.ts';

const upstream = (label: string): Upstream => ({ kind: 'port', port: 1, label });

function table(...prefixes: string[]): (target: string) => string | undefined {
  const route: Route = {
    hostname: 'example.com',
    role: 'frontend',
    upstream: upstream('rest'),
    paths: prefixes.map((prefix) => ({ prefix, upstream: upstream(prefix) })),
  };
  const made = createPathTable(route);
  return (target) => made.find(target)?.label;
}

describe('createPathTable', () => {
  const find = table('/api', '/api/v2', '/media', '/a b', '/é', '/api/v2/old');

  test.each([
    ['/api', '/api'],
    ['/api/', '/api'],
    ['/api/x?y', '/api'],
    ['/api?y', '/api'],
    ['/api?/../media', '/api'],
    ['/api/v2', '/api/v2'],
    ['/api/v2/old', '/api/v2/old'],
    ['/api/v2/older', '/api/v2'],
    ['/api/v20', '/api'],
    ['/apix', 'rest'],
    ['/API', 'rest'],
    ['/', 'rest'],
    ['*', 'rest'],
    ['/x/api', 'rest'],
    ['/?/api', 'rest'],
    ['/x?a=//&b=%2fapi', 'rest'],
    ['/%C3%A9/x', '/é'],
    ['/a%20b/x', '/a b'],
    ['/node_modules/.vite/deps/x.js', 'rest'],
  ])('%s belongs to %s', (target, label) => {
    expect(find(target)).toBe(label);
  });

  test.each([
    ['/x/a%2Fb', 'rest'],
    ['/x//y', 'rest'],
    ['/x/../y', 'rest'],
    ['/api/a%20b', '/api'],
    ['/api//x', '/api'],
    ['/api/x/../y', '/api'],
    ['/products;id=1/x', 'rest'],
    ['/100%', 'rest'],
    ['/%zz', 'rest'],
  ])('%s may be odd, but everybody reads it as a path of %s', (target, label) => {
    expect(find(target)).toBe(label);
  });

  test.each([
    '//api',
    '//x/api',
    '/\\x/api',
    '///x/%61pi',
    '/x/../api',
    '/x/..%2fapi',
    '/x/%2e%2e/api',
    '/x/%2E./api/v1',
    '/./api',
    '/api/../x',
    '/api/%2e%2e/x',
    '/api%2f..%2fx',
    '/api/..',
    '/api/..;/x',
    '/api;a=1',
    '/%61pi',
    '/%2561pi',
    '/api%2Fx',
    '/api%3Fx',
    '/x/..\\api',
    '\\api',
    '/api\\..\\media',
    '/media/../api',
    '/api#x',
    '/x//../../api',
  ])('%s is refused: it could be for another upstream', (target) => {
    expect(find(target)).toBeUndefined();
  });

  test('a host that has only plain paths below one upstream takes any path', () => {
    const one = upstream('one');
    const route: Route = {
      hostname: 'example.com',
      role: 'api',
      upstream: one,
      paths: [{ prefix: '/api', upstream: one }],
    };
    expect(createPathTable(route).find('/api/../x')).toBe(one);
  });

  test('an escaped dot that one server takes for a dot, and another for a name, decides nothing', () => {
    expect(table('/api', '/api/v2', '/media')('/;/../api/v2/.%2e/..')).toBeUndefined();
  });

  test('whatever a path looks like, no server reads it as one of another upstream', () => {
    const pieces =
      '/ // /api /api/v2 /media /x . .. /.. /. %2e %2E%2e %2f %2F \\ %5c ; ;a=1 %61 %41 api % %2 %zz # %23 %3f v2 \xe9';
    const piece = fc.constantFrom(...pieces.split(' '));
    const target = fc
      .tuple(fc.array(piece, { maxLength: 8 }), fc.constantFrom('', '?', '?a=/../api', '?//%2f'))
      .map(([parts, query]) => `/${parts.join('')}${query}`);
    // Written on their own: what servers and routers that people use do with a path before they look at it.
    const servers: ((sent: string) => string | undefined)[] = [
      (sent) => sent,
      (sent) => (URL.canParse(sent, 'http://x') ? new URL(sent, 'http://x').pathname : undefined),
      (sent) => (URL.canParse(sent, 'http://x') ? decode(new URL(sent, 'http://x').pathname) : undefined),
      (sent) => new URL(`http://x${sent}`).pathname,
      (sent) => path.posix.normalize(sent),
      (sent) => decode(sent),
      (sent) => path.posix.normalize(decode(sent)),
      (sent) => path.posix.normalize(decode(sent).replaceAll('\\', '/')),
      (sent) => path.win32.normalize(decode(sent)).replaceAll('\\', '/'),
      (sent) => decode(new URL(`http://x${sent}`).pathname),
    ];
    const plain = (read: string): string => {
      // A path that a server has made its mind up about: by segments, longest first.
      const prefix = ['/api/v2', '/api', '/media'].find((one) => read === one || read.startsWith(`${one}/`));
      return prefix ?? 'rest';
    };
    const decideBy = table('/api', '/api/v2', '/media');
    fc.assert(
      fc.property(target, (sent) => {
        const decided = decideBy(sent);
        if (decided === undefined) return;
        const asSent = sent.split('?')[0] ?? '';
        for (const server of servers) {
          const read = server(asSent);
          if (read !== undefined) expect([sent, plain(read)]).toEqual([sent, decided]);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('answers at once for any text', () => {
    expect(find(`/${'../'.repeat(10_000)}api`)).toBeUndefined();
    expect(find(`/${'%2e%2e/'.repeat(500)}x`)).toBeUndefined();
    expect(find(`/x?${'/../api'.repeat(5_000)}`)).toBe('rest');
    fc.assert(
      fc.property(fc.string({ maxLength: 100, unit: 'binary' }), (text) => {
        expect(['rest', '/api', '/api/v2', '/media', undefined]).toContain(find(`/${text}`));
      }),
    );
  });
});

/** Byte by byte, and never fails. */
function decode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
