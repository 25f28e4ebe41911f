import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWatch } from '../../../../src/verdicts/watch/create-watch.ts';
import { createLru } from '../../../../src/verdicts/watch/memory/lru.ts';
import type { WatchedExchange, WatchedHandshake } from '../../../../src/verdicts/watch/types.ts';
import { SETTINGS, START } from './traffic.ts';

const wild = fc.string({ unit: 'binary', maxLength: 60 });
const of = (...values: readonly string[]) =>
  fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...values) }, wild);
const origin = of(
  'https://example.com',
  'https://api.example.com',
  'http://localhost:5173',
  'null',
  'chrome-extension://x',
);

const requestField = fc.oneof(
  fc.tuple(of('origin', 'Origin'), origin),
  fc.tuple(
    of('cookie', 'Cookie'),
    of(
      'jwt-access-token=a.b.c',
      'jwt-refresh-token=x',
      'jwt-refresh-token=x; jwt-refresh-token=y',
      'sessionid=1; csrftoken=2',
    ),
  ),
  fc.tuple(fc.constant('sec-fetch-site'), of('same-site', 'cross-site', 'same-origin', 'none')),
  fc.tuple(fc.constant('sec-fetch-mode'), of('cors', 'no-cors', 'navigate')),
  fc.tuple(fc.constant('sec-fetch-dest'), of('document', 'empty', 'image')),
  fc.tuple(
    of('access-control-request-method', 'access-control-request-headers', 'user-agent', 'referer', 'upgrade'),
    of('POST', 'x-y', 'node'),
  ),
);
const setCookie = fc.oneof(
  wild,
  fc
    .tuple(
      of('jwt-access-token', 'jwt-refresh-token', 'sessionid', '__Host-a'),
      wild,
      of(
        'Path=/',
        'Domain=example.com',
        'Max-Age=0',
        'Expires=Thu, 01 Jan 1970 00:00:00 GMT',
        'SameSite=None',
      ),
    )
    .map(([name, value, attribute]) => `${name}=${value}; ${attribute}`),
);
const answerField = fc.oneof(
  fc.tuple(of('set-cookie', 'Set-Cookie'), setCookie),
  fc.tuple(of('access-control-allow-origin'), of('*', 'https://example.com', 'null')),
  fc.tuple(
    of('location', 'date', 'age', 'vary', 'cache-control', 'access-control-allow-headers'),
    of('https://example.com/login', 'http://x/', new Date(START).toUTCString(), 'max-age=10', 'Origin'),
  ),
);
const url = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom('https://example.com', 'https://api.example.com', 'https://x.example.com:8443'),
        of('/', '/auth/login/', '/auth/token/refresh/', '/auth/logout/', '/items?x=1'),
      )
      .map(([host, path]) => host + path),
  },
  wild,
);
const exchange: fc.Arbitrary<WatchedExchange> = fc.record({
  id: wild,
  kind: fc.constantFrom('http', 'websocket'),
  at: fc.oneof(fc.integer({ min: START, max: START + 60_000 }), fc.constantFrom(0, Number.NaN, 8.64e15)),
  durationMs: fc.integer({ min: 0, max: 5_000 }),
  url,
  method: of('GET', 'POST', 'OPTIONS', 'HEAD'),
  requestHeaders: fc.array(requestField, { maxLength: 8 }),
  status: fc.oneof(
    fc.constantFrom(0, 200, 204, 302, 304, 400, 401, 403, 500),
    fc.integer({ min: 0, max: 999 }),
  ),
  responseHeaders: fc.array(answerField, { maxLength: 8 }),
  withheldHeaders: fc.array(fc.tuple(of('strict-transport-security'), wild), { maxLength: 2 }),
  refusal: fc.option(
    of('{"refresh":["This field is required."]}', 'token_not_valid', 'CSRF Failed: CSRF token missing.'),
    { nil: null },
  ),
  canary: fc.constantFrom('sent', 'not-sent', 'unknown'),
  fromBackend: fc.boolean(),
});
const handshake: fc.Arbitrary<WatchedHandshake> = fc.record({
  at: fc.integer({ min: START, max: START + 60_000 }),
  code: of('ECONNRESET', 'ERR_SSL_HTTP_REQUEST', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'),
  servername: fc.option(of('example.com', 'api.example.com'), { nil: null }),
});

test('whatever clients and backends send, the watch does not throw, and says where it saw what it says', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(exchange, handshake), { maxLength: 30 }), (traffic) => {
      const watch = createWatch(SETTINGS);
      for (const seen of traffic) {
        const findings = 'url' in seen ? watch.exchange(seen) : watch.handshake(seen);
        for (const finding of findings) {
          expect(finding.code).toMatch(/^JD\d{3}$/);
          expect(finding.evidence).not.toMatch(/\p{Cc}|undefined|\[object/u);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test('a bounded map keeps the newest entries', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 })), fc.integer({ min: 1, max: 10 }), (keys, limit) => {
      const lru = createLru<number, number>(limit);
      for (const [at, key] of keys.entries()) lru.set(key, at);
      const newest = [...new Set(keys.toReversed())].slice(0, limit);
      expect(lru.size).toBe(newest.length);
      for (const key of newest) expect(lru.get(key)).toBe(keys.lastIndexOf(key));
    }),
  );
});
