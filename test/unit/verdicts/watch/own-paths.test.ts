import { expect, test } from 'vitest';
import { codes, createTraffic, START } from './traffic.ts';

// The browser check tries what goes wrong on purpose: see `/__jwt-dev/check`.

const BROKEN = {
  answer: [['Access-Control-Allow-Origin', 'https://elsewhere.test']],
  setCookie: ['a=1; SameSite=None', 'b=2; Domain=other.test'],
  canary: 'not-sent',
} as const;

test.each(['/__jwt-dev/check/cookies', '/__jwt-dev/id?nonce=x'])(
  'what happens below %s is no finding',
  (path) => {
    const traffic = createTraffic();
    traffic.page();
    expect(traffic.call('POST', path, BROKEN)).toEqual([]);
    expect(traffic.preflight('POST', path, 'content-type', { ...BROKEN, status: 404 })).toEqual([]);
  },
);

test('what happens beside it is', () => {
  const traffic = createTraffic();
  traffic.page();
  expect(traffic.call('POST', '/__jwt-dev', BROKEN)).not.toEqual([]);
  expect(createTraffic().call('POST', '/x/__jwt-dev/check', BROKEN)).not.toEqual([]);
});

test('it shows that a client gets through, so that resets are no sign of a distrusted CA', () => {
  const resets = (between: readonly string[]): readonly string[] => {
    const traffic = createTraffic();
    const found = [0, 1, 2].flatMap((second) => {
      if (second === 1) for (const path of between) traffic.call('GET', path, { at: START + 500 });
      return traffic.handshake('ECONNRESET', 'api.example.com', START + second * 1_000);
    });
    return codes(found);
  };
  expect(resets([])).toEqual(['JD302']);
  expect(resets(['/__jwt-dev/check/echo'])).toEqual([]);
});
