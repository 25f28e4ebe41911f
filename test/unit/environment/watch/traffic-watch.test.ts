import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { StoredFinding } from '../../../../src/environment/watch/finding-store.ts';
import {
  createTrafficWatch,
  type TrafficWatchDeps,
} from '../../../../src/environment/watch/traffic-watch.ts';
import type { Finding } from '../../../../src/verdicts/findings/types.ts';
import type { Watch, WatchedExchange } from '../../../../src/verdicts/watch/types.ts';
import { exchangeOf } from '../../../helpers/watch-exchanges.ts';

const found = (exchange: WatchedExchange): Finding => ({
  code: 'JD102',
  evidence: exchange.id,
  subject: exchange.url,
  host: 'api.example.com',
  exchanges: [exchange.id],
  at: exchange.at,
});

function watchWith(rules: Partial<Watch> = {}, changes: Partial<TrafficWatchDeps> = {}) {
  const told: StoredFinding[] = [];
  const warnings: string[] = [];
  const loads: number[] = [];
  const watch = createTrafficWatch({
    loadRules: async () => {
      loads.push(1);
      return {
        exchange: (exchange) => [found(exchange)],
        handshake: () => [],
        passed: () => undefined,
        ...rules,
      };
    },
    frontendHostname: 'example.com',
    port: () => 443,
    silence: [],
    onFinding: (finding) => told.push(finding),
    onWarning: (text) => warnings.push(text),
    now: () => new Date(5_000),
    clock: () => 0,
    ...changes,
  });
  return { watch, told, warnings, loads };
}

describe('findings', () => {
  test('are told when they are new, and when they have come up 10 and 100 times', async () => {
    const { watch, told } = watchWith();
    for (let count = 0; count < 250; count += 1) watch.onExchange(exchangeOf());
    const { findings } = await watch.findings();
    expect(told.map(({ count }) => count)).toEqual([1, 10, 100]);
    expect(findings).toMatchObject([{ code: 'JD102', count: 250 }]);
  });

  test('come from handshakes and from what the proxy says of an upstream too, in their order', async () => {
    const handshake = (at: number): Finding => ({
      ...found({ id: 'h', at } as WatchedExchange),
      code: 'JD301',
    });
    const { watch, told } = watchWith({ handshake: ({ at }) => [handshake(at)] });
    watch.onTlsFailure({ code: 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', servername: 'api.example.com' });
    const notice = { hostname: 'example.com', upstream: 'port 5173', message: 'Refused.', fix: 'Add it.' };
    watch.onNotice({ ...notice, code: 'UPSTREAM_BLOCKS_HOST', framework: 'Vite' });
    watch.onNotice({ ...notice, code: 'LOOPBACK_FAMILY', framework: null });
    watch.onExchange(exchangeOf());
    await watch.findings();
    expect(told).toMatchObject([
      { code: 'JD301', at: 5_000 },
      {
        code: 'JD601',
        host: 'example.com',
        subject: 'port 5173',
        evidence: 'Refused.',
        fixes: [{ place: 'Vite', text: 'Add it.' }],
        at: 5_000,
      },
      { code: 'JD602', fixes: [{ place: 'backend', text: 'Add it.' }] },
      { code: 'JD102' },
    ]);
  });

  test('say which upstream did not answer, and why', async () => {
    const failure = {
      code: 'ERR_UPSTREAM_TIMEOUT',
      message: 'No answer in time.',
      hint: 'Look there.',
    } as const;
    const { watch, told } = watchWith({ exchange: () => [] });
    watch.onExchange(exchangeOf({ failure, status: 504 }));
    watch.onExchange(exchangeOf({ failure: { ...failure, code: 'ERR_CLIENT_ABORTED' } }));
    await watch.findings();
    expect(told).toMatchObject([
      {
        code: 'JD603',
        host: 'api.example.com',
        subject: 'port 8000',
        evidence: 'No answer in time.',
        fixes: [{ place: 'backend', text: 'Look there.' }],
        exchanges: ['id1'],
        count: 1,
      },
    ]);
  });

  test('of a silenced code are not there at all', async () => {
    const { watch, told } = watchWith({}, { silence: ['JD102'] });
    watch.onExchange(exchangeOf());
    expect((await watch.findings()).findings).toEqual([]);
    expect(told).toEqual([]);
  });

  test('are all there after catching up, however little time there is for it otherwise', async () => {
    const limits = { portionMs: 1, share: 0.001, perItemMs: 0, burstMs: 0 };
    const { watch, told } = watchWith({}, { limits });
    for (let count = 0; count < 20; count += 1) watch.onExchange(exchangeOf());
    await nextTurn();
    expect(told).toEqual([]);
    await watch.catchUp();
    expect(told.map(({ count }) => count)).toEqual([1, 10]);
  });

  test('that were cleared are new again', async () => {
    const { watch, told } = watchWith();
    watch.onExchange(exchangeOf());
    await watch.clear();
    expect((await watch.findings()).findings).toEqual([]);
    watch.onExchange(exchangeOf());
    await watch.findings();
    expect(told.map(({ count }) => count)).toEqual([1, 1]);
  });

  test('are still there after the end, with what came last, and nothing comes after it', async () => {
    const { watch } = watchWith();
    watch.onExchange(exchangeOf());
    await watch.close();
    watch.onExchange(exchangeOf());
    expect((await watch.findings()).findings).toMatchObject([{ count: 1 }]);
  });
});

describe('rules', () => {
  test('are loaded for the first exchange that may matter, once', async () => {
    const { watch, loads } = watchWith();
    watch.onExchange(exchangeOf({ hostname: 'example.com', path: '/logo.svg' }));
    await watch.findings();
    expect(loads).toHaveLength(0);
    watch.onExchange(exchangeOf());
    watch.onExchange(exchangeOf());
    await watch.findings();
    expect(loads).toHaveLength(1);
  });

  test('that throw are told of once; the others go on', async () => {
    const { watch, warnings } = watchWith({
      exchange: (exchange) => {
        if (exchange.id === 'bad') throw new Error('a rule is wrong');
        return [found(exchange)];
      },
    });
    for (const id of ['bad', 'good', 'bad']) watch.onExchange(exchangeOf({ id }));
    expect((await watch.findings()).findings).toMatchObject([{ evidence: 'good' }]);
    expect(warnings).toEqual([expect.stringContaining('a rule is wrong')]);
  });

  test('that are too slow cost exchanges, which are counted and told of', async () => {
    const { watch, warnings } = watchWith({}, { limits: { waiting: 5 } });
    for (let count = 0; count < 20; count += 1) watch.onExchange(exchangeOf());
    expect(await watch.findings()).toMatchObject({ findings: [{ count: 5 }], skipped: 15 });
    expect(warnings).toEqual([
      expect.stringMatching(/^An exchange was not looked at/),
      expect.stringMatching(/^10 exchanges were not looked at/),
    ]);
  });
});

// More than an hour of a busy developer; each with headers of its own, as they come from sockets.
test('200,000 exchanges leave the memory as it was', { timeout: 120_000 }, async () => {
  let told = 0;
  const { watch } = watchWith(
    {
      exchange: (exchange) => [
        { ...found(exchange), subject: exchange.id, evidence: `${exchange.id} ${'x'.repeat(500)}` },
      ],
    },
    {
      onFinding: () => {
        told += 1;
      },
    },
  );
  const collect = await collector();
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 1024 / 1024;
  };
  const feed = async (from: number, to: number): Promise<void> => {
    for (let index = from; index < to; index += 1) {
      const cookie = `jwt-access-token=${String(index).padStart(600, 'a')}`;
      watch.onExchange(exchangeOf({ id: `exchange ${index}`, requestHeaders: ['cookie', cookie] }));
      if (index % 200 === 0) await nextTurn();
    }
    await watch.findings();
  };
  await feed(0, 20_000);
  const before = heap();
  await feed(20_000, 200_000);
  expect(heap() - before).toBeLessThan(5);
  expect((await watch.findings()).findings.length).toBeLessThanOrEqual(300);
  expect(told).toBeGreaterThan(100_000);
});

/** V8's own garbage collector, which tests are not started with. */
async function collector(): Promise<() => void> {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([
    import('node:v8'),
    import('node:vm'),
  ]);
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
