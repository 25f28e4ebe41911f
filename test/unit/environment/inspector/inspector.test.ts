import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createInspector, type Inspector } from '../../../../src/environment/inspector/inspector.ts';
import type { InspectorEvent } from '../../../../src/environment/inspector/types.ts';
import type { StoredFinding } from '../../../../src/environment/watch/finding-store.ts';
import type { Exchange } from '../../../../src/proxy/types.ts';
import { bodyStart } from '../../../helpers/body-start.ts';
import { exchangeOf } from '../../../helpers/watch-exchanges.ts';
import { ALLOWED, CALL, SETTINGS, tokenOf } from '../../verdicts/view/exchanges.ts';

const NOW = 1_700_000_000_000;
let count = 0;
let errors: unknown[];
/** What the watch does when it is asked to look. */
let looks: (() => void)[];
let inspector: Inspector;

function create(capacity = 100, clock = () => performance.now()): Inspector {
  return createInspector({
    capacity,
    settings: () => SETTINGS,
    port: () => 443,
    frontendHostname: 'example.com',
    now: () => new Date(NOW + 3_600_000),
    clock,
    lookForFindings: async () => looks.shift()?.(),
    onError: (error) => errors.push(error),
  });
}

beforeEach(() => {
  count = 0;
  errors = [];
  looks = [];
  inspector = create();
});
afterEach(() => {
  inspector.close();
  expect(errors).toEqual([]);
});

function see(changes: Partial<Exchange> = {}, headers: readonly string[] = []): void {
  count += 1;
  inspector.onExchange(
    exchangeOf({
      id: `x${count}`,
      startedAt: new Date(NOW + count * 1_000),
      requestHeaders: [...CALL.flat(), ...headers],
      responseHeaders: ALLOWED.flat(),
      ...changes,
    }),
  );
}
function answers(...lines: readonly string[]): Partial<Exchange> {
  return { responseHeaders: [...ALLOWED.flat(), ...lines.flatMap((line) => ['set-cookie', line])] };
}
function findingOf(changes: Partial<StoredFinding> = {}): StoredFinding {
  return {
    code: 'JD440',
    evidence: 'seen',
    subject: 'a',
    host: 'api.example.com',
    exchanges: ['x1'],
    at: NOW,
    count: 1,
    firstAt: NOW,
    lastAt: NOW,
    ...changes,
  };
}

async function idsAfter(after: number, limit = 2_000): Promise<readonly string[]> {
  return (await inspector.page(after, limit)).exchanges.map(({ id }) => id);
}

describe('pages', () => {
  test('are read one after the other, oldest first', async () => {
    for (let number = 1; number <= 5; number += 1) see();
    const first = await inspector.page(0, 2);
    expect(first).toMatchObject({ last: 2, kept: 5, dropped: 0 });
    expect(await idsAfter(first.last, 2)).toEqual(['x3', 'x4']);
    expect(await idsAfter(4)).toEqual(['x5']);
    expect(await inspector.page(5, 2)).toMatchObject({ exchanges: [], last: 5 });
  });

  test('the first rows of many are there before the last are looked at', async () => {
    inspector = create(10_000, () => performance.now());
    for (let number = 1; number <= 8_000; number += 1) see();
    const [first, last] = await Promise.all([
      inspector.page(0, 10).then((page) => ({ page, looked: inspector.counts().looked })),
      idsAfter(7_990),
    ]);
    expect(first.page).toMatchObject({ last: 10, kept: 8_000 });
    expect(first.looked).toBeLessThan(8_000);
    expect(last).toHaveLength(10);
    expect(inspector.counts()).toMatchObject({ last: 8_000, looked: 8_000 });
  });

  test('what had to go is counted, and numbers go on', async () => {
    inspector = create(3);
    for (let number = 1; number <= 5; number += 1) see();
    expect(await idsAfter(0)).toEqual(['x3', 'x4', 'x5']);
    expect(inspector.counts()).toEqual({ capacity: 3, kept: 3, dropped: 2, missed: 0, last: 5, looked: 5 });
    inspector.clear();
    expect(inspector.counts()).toEqual({ capacity: 3, kept: 0, dropped: 0, missed: 0, last: 5, looked: 5 });
    see();
    expect((await inspector.page(0, 10)).exchanges).toMatchObject([{ id: 'x6', seq: 6 }]);
  });

  test('what comes too fast is counted, and has a place again a little later', async () => {
    let atMs = 0;
    inspector = create(3, () => atMs);
    for (let number = 1; number <= 20_002; number += 1) see();
    expect(inspector.isRecording()).toBe(false);
    expect(inspector.counts()).toMatchObject({ kept: 3, dropped: 19_997, missed: 2 });
    atMs += 10;
    expect(inspector.isRecording()).toBe(true);
    see();
    expect(await idsAfter(0)).toEqual(['x19999', 'x20000', 'x20003']);
    inspector.clear();
    expect(inspector.counts()).toMatchObject({ missed: 0 });
  });

  test('our own paths are not in them', async () => {
    see({ path: '/__jwt-dev/check' });
    see({ path: '/__jwt-devil' });
    expect(await idsAfter(0)).toEqual(['x2']);
  });

  test('what is asked for is looked at by the watch first', async () => {
    see();
    looks.push(() => inspector.onFinding(findingOf()));
    expect((await inspector.page(0, 10)).exchanges[0]?.findings).toEqual(['JD440']);
    looks.push(() => inspector.onFinding(findingOf({ code: 'JD214' })));
    expect((await inspector.detail('x1', { reveal: false }))?.findings).toEqual(['JD440', 'JD214']);
  });

  test('rows have the codes of their findings, each once', async () => {
    see();
    see();
    inspector.onFinding(findingOf());
    inspector.onFinding(findingOf({ subject: 'b' }));
    inspector.onFinding(findingOf({ code: 'JD214', exchanges: ['x2', 'x1'] }));
    const { exchanges } = await inspector.page(0, 10);
    expect(exchanges.map(({ findings }) => findings)).toEqual([['JD440', 'JD214'], ['JD214']]);
    const detail = await inspector.detail('x1', { reveal: false });
    expect(detail?.shown.map(({ code, subject }) => [code, subject])).toEqual([
      ['JD440', 'a'],
      ['JD440', 'b'],
      ['JD214', 'a'],
    ]);
  });
});

describe('jars', () => {
  const names = async (): Promise<readonly (readonly [string, string | null])[]> =>
    (await inspector.jars({ reveal: false })).flatMap(({ cookies }) =>
      cookies.map(({ name, setBy }) => [name, setBy] as const),
    );

  test('know what was set by exchanges that are gone, though nobody had looked', async () => {
    inspector = create(3);
    see(answers('a=1; Path=/; Secure'));
    for (let number = 0; number < 50; number += 1) see({}, ['cookie', 'a=1']);
    see(answers('b=1; Path=/; Secure'), ['cookie', 'a=1']);
    for (let number = 0; number < 50; number += 1) see({}, ['cookie', 'a=1; b=1']);
    expect(await names()).toEqual([
      ['a', 'x1'],
      ['b', 'x52'],
    ]);
    expect(await idsAfter(0)).toEqual(['x100', 'x101', 'x102']);
  });

  test('stay when the exchanges are cleared, looked at or not', async () => {
    see(answers('a=1; Path=/; Secure'));
    await inspector.page(0, 10);
    see(answers('b=1; Path=/; Secure'), ['cookie', 'a=1']);
    inspector.clear();
    expect(await names()).toEqual([
      ['a', 'x1'],
      ['b', 'x2'],
    ]);
  });
});

describe('details', () => {
  const access = tokenOf({ user_id: 7, exp: 1_800_000_000, iat: 1_700_000_000 });

  test('of a login: secrets are hidden unless they are asked for, signatures always', async () => {
    see({
      method: 'POST',
      path: '/auth/login/',
      requestHeaders: [...CALL.flat(), 'content-type', 'application/json', 'x-csrftoken', 'csrf-value-1'],
      requestBody: bodyStart('{"username":"alice","password":"hunter22"}'),
      responseHeaders: [
        ...ALLOWED.flat(),
        'content-type',
        'application/json',
        'content-encoding',
        'gzip',
        'set-cookie',
        `jwt-access-token=${access}; Path=/; Secure; HttpOnly`,
        'set-cookie',
        '__jwtdev=1; Path=/',
      ],
      responseBody: bodyStart(gzipSync(`{"access":"${access}","said":"hunter22"}`), { encoding: 'gzip' }),
    });
    const hidden = await inspector.detail('x1', { reveal: false });
    expect(hidden).toMatchObject({
      revealed: false,
      url: 'https://api.example.com/auth/login/',
      request: { body: { text: '{"username":"alice","password":"(hidden)"}', isCut: false } },
      response: { body: { text: '{"access":"(token, expires 2027-01-15T08:00:00Z)","said":"(hidden)"}' } },
      cookiesSet: [{ name: 'jwt-access-token', verdict: 'stored', why: null }],
      tokens: [
        { where: 'Set-Cookie jwt-access-token', claims: { user_id: 7 } },
        { where: 'body: access', expiresAt: '2027-01-15T08:00:00.000Z' },
      ],
    });
    const text = JSON.stringify(hidden);
    for (const secret of ['hunter22', 'csrf-value-1', 'c2lnbmF0dXJl', '__jwtdev'])
      expect(text).not.toContain(secret);
    const revealed = await inspector.detail('x1', { reveal: true });
    expect(revealed).toMatchObject({
      revealed: true,
      request: { body: { text: '{"username":"alice","password":"hunter22"}' } },
      tokens: hidden?.tokens ?? [],
    });
    expect(JSON.stringify(revealed?.tokens)).not.toContain('c2lnbmF0dXJl');
  });

  test('of what is not there', async () => {
    see();
    expect(await inspector.detail('x2', { reveal: true })).toBeUndefined();
    inspector.clear();
    expect(await inspector.detail('x1', { reveal: true })).toBeUndefined();
  });

  test('find the preflight of a request, and the request of a preflight', async () => {
    const asks = ['access-control-request-method', 'DELETE'];
    see({ method: 'OPTIONS', status: 204 }, asks);
    see({ method: 'OPTIONS', status: 204, path: '/other/' }, asks);
    see({
      method: 'OPTIONS',
      status: 204,
      requestHeaders: [...CALL.flat(), ...asks],
      responseHeaders: [...ALLOWED.flat(), 'access-control-allow-methods', 'DELETE'],
    });
    see({ method: 'DELETE' }, ['cookie', 'a=1']);
    const request = await inspector.detail('x4', { reveal: false });
    expect(request?.corsSteps.map(({ title, ok }) => [title, ok])).toEqual([
      ['Across origins?', null],
      ['With credentials?', null],
      ['Preflight needed?', null],
      ['Preflight: status', true],
      ['Preflight: Access-Control-Allow-Origin', true],
      ['Preflight: Access-Control-Allow-Credentials', true],
      ['Preflight: Access-Control-Allow-Methods', true],
      ['Preflight: Access-Control-Allow-Headers', true],
      ['The answer: Access-Control-Allow-Origin', true],
      ['The answer: Access-Control-Allow-Credentials', true],
      ['Vary', null],
      ['Verdict', true],
    ]);
    expect(request?.corsSteps[2]?.detail).toBe('Yes: the method DELETE. It was asked as x3.');
    const preflight = await inspector.detail('x3', { reveal: false });
    expect(preflight?.corsSteps.find(({ title }) => title === 'With credentials?')?.detail).toBe(
      'Yes: it carries cookies.',
    );
  });
});

describe('subscribers', () => {
  const subscribed = (): InspectorEvent[] => {
    const events: InspectorEvent[] = [];
    inspector.subscribe((event) => events.push(event));
    return events;
  };

  test('are told of what comes after them, and of findings with their words', async () => {
    see();
    const events = subscribed();
    see();
    see();
    inspector.onFinding(findingOf({ exchanges: ['x2'] }));
    inspector.onFinding(findingOf({ exchanges: ['x3'], count: 2 }));
    inspector.onMail();
    await vi.waitFor(() => expect(events).toHaveLength(3), { timeout: 10_000 });
    expect(events).toMatchObject([
      { type: 'exchanges', exchanges: [{ id: 'x2', findings: ['JD440'] }, { id: 'x3' }], dropped: 0 },
      { type: 'finding', finding: { code: 'JD440', count: 2, exchanges: ['x3'] } },
      { type: 'mail' },
    ]);
    inspector.clear();
    expect(events.at(-1)).toEqual({ type: 'cleared' });
  });

  test('are told with an exchange what it shows, as the watch is asked first', async () => {
    const events = subscribed();
    looks.push(() => inspector.onFinding(findingOf()));
    see();
    await vi.waitFor(() => expect(events).toHaveLength(2), { timeout: 10_000 });
    expect(events).toMatchObject([
      { type: 'exchanges', exchanges: [{ id: 'x1', findings: ['JD440'] }] },
      { type: 'finding', finding: { code: 'JD440' } },
    ]);
  });

  test('are told of what a handshake shows, and of what came too fast to be kept', async () => {
    const events = subscribed();
    looks.push(() => inspector.onFinding(findingOf({ code: 'JD301', exchanges: [] })));
    inspector.onOther();
    await vi.waitFor(() => expect(events).toMatchObject([{ finding: { code: 'JD301' } }]), {
      timeout: 10_000,
    });
    expect(inspector.counts().kept).toBe(0);
  });

  test('hear that the findings were cleared, and of none that were not yet told', async () => {
    see();
    inspector.onFinding(findingOf());
    const events = subscribed();
    inspector.onFinding(findingOf({ subject: 'b' }));
    inspector.clearFindings();
    expect(events).toEqual([{ type: 'findings-cleared' }]);
    see();
    await vi.waitFor(() => expect(events).toHaveLength(2), { timeout: 10_000 });
    expect(events.at(-1)).toMatchObject({ type: 'exchanges' });
    expect((await inspector.page(0, 10)).exchanges.map(({ findings }) => findings)).toEqual([[], []]);
    expect((await inspector.detail('x1', { reveal: false }))?.shown).toEqual([]);
    expect(events).toHaveLength(2);
  });

  test('that stop hear nothing more, and others do', async () => {
    const events: string[] = [];
    const stop = inspector.subscribe(({ type }) => events.push(`first ${type}`));
    inspector.subscribe(({ type }) => events.push(`second ${type}`));
    stop();
    see();
    await vi.waitFor(() => expect(events).toEqual(['second exchanges']), { timeout: 10_000 });
  });

  test('a flood comes in several batches, whole and in order', async () => {
    inspector = create(5_000);
    const events = subscribed();
    for (let number = 0; number < 1_800; number += 1) see();
    const told = (): readonly string[] =>
      events.flatMap((event) => (event.type === 'exchanges' ? event.exchanges.map(({ id }) => id) : []));
    await vi.waitFor(() => expect(told()).toHaveLength(1_800), { timeout: 20_000 });
    expect(told()).toEqual(Array.from({ length: 1_800 }, (_, at) => `x${at + 1}`));
    expect(events.length).toBeGreaterThan(3);
  });
});

test('no turn takes longer than a few milliseconds, by a clock that goes on with each look', async () => {
  let ms = 0;
  inspector = create(300, () => {
    ms += 1;
    return ms;
  });
  for (let number = 0; number < 300; number += 1) see();
  const lasted: number[] = [];
  let before = ms;
  let isDone = false;
  const turn = (): void => {
    lasted.push(ms - before);
    before = ms;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  expect((await inspector.page(0, 300)).exchanges).toHaveLength(300);
  isDone = true;
  // Its beginning, the looks, and the look at the clock that ends it.
  expect(Math.max(...lasted)).toBeLessThanOrEqual(5);
});

test('others have their turn while ten thousand exchanges are looked at', async () => {
  inspector = create(10_000);
  for (let number = 0; number < 10_000; number += 1) see(answers('a=1; Path=/; Secure'), ['cookie', 'a=1']);
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  const { exchanges } = await inspector.page(0, 20_000);
  isDone = true;
  expect(exchanges).toHaveLength(10_000);
  expect(turns).toBeGreaterThan(10);
});
