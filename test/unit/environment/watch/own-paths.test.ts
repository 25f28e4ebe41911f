import { expect, test } from 'vitest';
import { createTrafficWatch } from '../../../../src/environment/watch/traffic-watch.ts';
import { mayMatter } from '../../../../src/environment/watch/watched-exchange.ts';
import type { Exchange } from '../../../../src/proxy/types.ts';
import { createWatch } from '../../../../src/verdicts/watch/create-watch.ts';
import { exchangeOf } from '../../../helpers/watch-exchanges.ts';

// What passes below /__jwt-dev/ takes no time of the watch, and tells it one thing: that a client got through.

const own = (changes: Partial<Exchange> = {}): Exchange =>
  exchangeOf({ path: '/__jwt-dev/check/echo', method: 'POST', status: 500, ...changes });

test.each([
  ['anything of the check', own()],
  ['its WebSocket', own({ kind: 'websocket', status: 101 })],
  ['the page on the frontend', own({ hostname: 'example.com', path: '/__jwt-dev/check?run=x' })],
  ['the identity', own({ path: '/__jwt-dev/id?nonce=x' })],
])('%s does not matter', (_what, exchange) => {
  expect(mayMatter(exchange, 'example.com')).toBe(false);
});

test.each(['/__jwt-dev', '/__jwt-devil/', '/x/__jwt-dev/'])('%s is the backend’s', (path) => {
  expect(mayMatter(own({ path }), 'example.com')).toBe(true);
});

async function codesAfter(...exchanges: readonly Exchange[]): Promise<readonly string[]> {
  const watch = createTrafficWatch({
    loadRules: async () =>
      createWatch({
        frontendOrigin: 'https://example.com',
        apiOrigin: 'https://api.example.com',
        accessCookie: 'a',
        refreshCookie: 'r',
        hostnames: ['example.com', 'api.example.com'],
      }),
    frontendHostname: 'example.com',
    port: () => 443,
    silence: [],
    onFinding: () => undefined,
    onWarning: (text) => {
      throw new Error(text);
    },
    now: () => new Date(5_000),
    clock: () => 0,
  });
  for (const exchange of exchanges) watch.onExchange(exchange);
  for (let times = 0; times < 3; times += 1)
    watch.onTlsFailure({ code: 'ECONNRESET', servername: 'api.example.com' });
  return (await watch.findings()).findings.map(({ code }) => code);
}

test('resets are no sign of a distrusted CA where a browser is checked meanwhile', async () => {
  expect(await codesAfter()).toEqual(['JD302']);
  expect(await codesAfter(own())).toEqual([]);
});

test('what went wrong on the way, or went to the other host, shows nothing', async () => {
  const failure = { code: 'ERR_CLIENT_ABORTED', message: '', hint: '' } as const;
  expect(await codesAfter(own({ failure }))).toEqual(['JD302']);
  expect(await codesAfter(own({ hostname: 'example.com' }))).toEqual(['JD302']);
});
