import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guessSettings } from '../../../../src/verdicts/har/guess-settings.ts';
import { judgeHar } from '../../../../src/verdicts/har/judge-har.ts';
import { readHar } from '../../../../src/verdicts/har/read-har.ts';
import type { HarReading } from '../../../../src/verdicts/har/types.ts';
import { createWatch } from '../../../../src/verdicts/watch/create-watch.ts';

type Json = ReturnType<typeof JSON.parse>;

function fixture(name: string): Json {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/har/${name}.har`, import.meta.url), 'utf8'));
}

function read(value: unknown): HarReading {
  const result = readHar(value);
  if (!result.ok) throw new Error(result.mistakes.join('\n'));
  return result.reading;
}

function judge(name: string) {
  const reading = read(fixture(name));
  const settings = guessSettings(reading);
  if (settings === null) throw new Error('no settings');
  const { findings, apiExchanges } = judgeHar(reading, settings, createWatch(settings));
  return { reading, settings, apiExchanges, findings, codes: findings.map(({ code }) => code) };
}

describe('recordings of the browsers', () => {
  test('Chromium: in the order of time, without pseudo headers, with each Set-Cookie on its own', () => {
    const { exchanges, creator, hasCookies, documents } = read(fixture('chromium'));
    expect(exchanges.map(({ id }) => id)).toEqual(['entry 2', 'entry 1', 'entry 3', 'entry 5']);
    expect(exchanges.map(({ kind }) => kind)).toEqual(['http', 'http', 'http', 'websocket']);
    expect(exchanges[3]?.url).toBe('https://example.com/?token=x');
    expect(exchanges[1]?.requestHeaders.some(([name]) => name.startsWith(':'))).toBe(false);
    expect(exchanges[1]?.responseHeaders.filter(([name]) => name === 'set-cookie')).toHaveLength(2);
    expect({ creator, hasCookies, documents }).toEqual({
      creator: 'WebInspector 537.36',
      hasCookies: true,
      documents: ['https://example.com/'],
    });
  });

  test('Chromium: the rules for live traffic find what is wrong', () => {
    const { settings, codes, findings, apiExchanges } = judge('chromium');
    expect(settings).toMatchObject({
      frontendOrigin: 'https://example.com',
      apiOrigin: 'https://api.example.com',
      accessCookie: 'jwt-access-token',
      refreshCookie: 'jwt-refresh-token',
    });
    expect(apiExchanges).toBe(2);
    expect(codes).toContain('JD440');
    expect(codes).toContain('JD207');
    expect(JSON.stringify(findings)).not.toContain('eyJ');
  });

  test('Chromium without sensitive data: says so, and draws no conclusions from cookies that are not there', () => {
    const { reading, codes } = judge('chromium-sanitised');
    expect(reading.hasCookies).toBe(false);
    expect(codes).toContain('JD207');
    expect(codes.filter((code) => ['JD102', 'JD402', 'JD432', 'JD440'].includes(code))).toEqual([]);
  });

  test('Firefox: a page of another site', () => {
    const { settings, codes } = judge('firefox');
    expect(settings.frontendOrigin).toBe('http://localhost:5173');
    expect(codes).toContain('JD101');
  });

  test('Safari: Set-Cookie joined by commas, but not the comma of a date; a negative time is none', () => {
    const { reading, codes, findings } = judge('safari');
    const login = reading.exchanges[1];
    const cookies = login?.responseHeaders.filter(([name]) => name.toLowerCase() === 'set-cookie') ?? [];
    expect(cookies.map(([, value]) => value.split('=')[0])).toEqual([
      'jwt-access-token',
      '__Host-jwt-refresh-token',
      'theme',
    ]);
    expect(login?.durationMs).toBe(0);
    expect(codes).toContain('JD442');
    expect(findings.find(({ code }) => code === 'JD442')?.exchanges).toEqual(['entry 2']);
  });

  test('Playwright: nothing is found where nothing is wrong', () => {
    expect(judge('clean').findings).toEqual([]);
  });
});

test('the same finding is told once, with the entries that show it', () => {
  const har = fixture('safari');
  har.log.entries.push({ ...har.log.entries[1], startedDateTime: '2026-03-04T10:00:09.000Z' });
  const reading = read(har);
  const settings = guessSettings(reading);
  if (settings === null) throw new Error('no settings');
  const { findings } = judgeHar(reading, settings, createWatch(settings));
  const prefix = findings.filter(({ code }) => code === 'JD442');
  expect(prefix).toHaveLength(1);
  expect(prefix[0]).toMatchObject({ count: 2, exchanges: ['entry 2', 'entry 3'] });
});

describe('calls without credentials', () => {
  /** A login, and a call after it that is refused. */
  const recording = (change: (login: Json, call: Json) => void = () => undefined) => {
    const har = fixture('clean');
    const [, login, call] = har.log.entries;
    call.request.headers = call.request.headers.filter(({ name }: { name: string }) => name !== 'cookie');
    call.response.status = 401;
    change(login, call);
    const reading = read(har);
    const settings = guessSettings(reading);
    if (settings === null) throw new Error('no settings');
    return judgeHar(reading, settings, createWatch(settings)).findings;
  };

  test('are seen by the cookies that the next call does not carry', () => {
    expect(recording()).toMatchObject([
      {
        code: 'JD102',
        exchanges: ['entry 2', 'entry 3'],
        evidence:
          'POST /auth/login/ set cookies, and GET /auth/user/ after it carried none and was answered 401. If nobody deleted them, the calls go without credentials.',
      },
    ]);
  });

  const setCookies = (login: Json, ...values: readonly string[]): void => {
    login.response.headers = [
      ...login.response.headers.filter(({ name }: { name: string }) => name !== 'set-cookie'),
      ...values.map((value) => ({ name: 'set-cookie', value })),
    ];
  };

  test.each<[string, (login: Json, call: Json) => void]>([
    ['the call was answered', (_login, call) => (call.response.status = 200)],
    ['it carries a cookie', (_login, call) => call.request.headers.push({ name: 'Cookie', value: 'a=b' })],
    [
      'tokens go in a header',
      (_login, call) => call.request.headers.push({ name: 'Authorization', value: 'Bearer x' }),
    ],
    ['it was first', (_login, call) => (call.startedDateTime = '2026-03-04T10:00:01.500Z')],
    ['the cookie has a path', (login) => setCookies(login, 'a=b; Path=/auth/token; Secure')],
    ['it is a deletion', (login) => setCookies(login, 'a=b; Path=/; Max-Age=0')],
    ['the cookie was refused', (login) => setCookies(login, 'sid=b; Path=/; Domain=other.test')],
  ])('are not suspected where %s', (_why, change) => {
    expect(recording(change).map(({ code }) => code)).not.toContain('JD102');
  });
});

test('a failed request is explained by the browser’s own word, or kept as unexplained', () => {
  const har = fixture('clean');
  const failed = (text: string, key: '_error' | '_failureText') => {
    const { request } = har.log.entries[2];
    har.log.entries.push({
      startedDateTime: '2026-03-04T10:00:20.000Z',
      time: 3,
      request: { ...request, headers: [{ name: 'referer', value: 'https://example.com/' }] },
      response: { status: key === '_error' ? 0 : -1, headers: [], content: {}, [key]: text },
    });
  };
  failed('net::ERR_CERT_AUTHORITY_INVALID', '_error');
  failed('net::ERR_FAILED', '_failureText');
  const reading = read(har);
  const settings = guessSettings(reading);
  if (settings === null) throw new Error('no settings');
  const { findings, unexplained } = judgeHar(reading, settings, createWatch(settings));
  expect(findings).toMatchObject([
    {
      code: 'JD301',
      host: 'api.example.com',
      evidence: 'GET /auth/user/ got no answer: net::ERR_CERT_AUTHORITY_INVALID.',
      exchanges: ['entry 4'],
    },
  ]);
  expect(unexplained.map(({ exchange, text }) => [exchange.id, text])).toEqual([
    ['entry 5', 'net::ERR_FAILED'],
  ]);
});

test('requests without Origin lead to page and API by their Referer', () => {
  const har = fixture('chromium');
  for (const { request } of har.log.entries) {
    request.headers = [{ name: 'referer', value: 'https://example.com/cart' }];
  }
  expect(guessSettings(read(har))).toMatchObject({
    frontendOrigin: 'https://example.com',
    apiOrigin: 'https://api.example.com',
  });
});

test('what the user says beats the guess', () => {
  const reading = read(fixture('chromium'));
  expect(
    guessSettings(reading, { frontend: 'https://shop.test/cart', api: 'https://api.shop.test:8443/v1' }),
  ).toMatchObject({
    frontendOrigin: 'https://shop.test',
    apiOrigin: 'https://api.shop.test:8443',
    hostnames: ['shop.test', 'api.shop.test'],
  });
});

test('a recording of one origin has no API to guess', () => {
  const har = fixture('chromium');
  har.log.entries = [har.log.entries[1]];
  expect(guessSettings(read(har))).toBeNull();
});

describe('a broken file', () => {
  const broken = (change: (har: Json) => void): readonly string[] => {
    const har = fixture('clean');
    change(har);
    const result = readHar(har);
    return result.ok ? [] : result.mistakes;
  };

  test.each<[string, (har: Json) => void, string]>([
    ['no log', (har) => delete har.log, 'It has no "log": it is no HAR file.'],
    ['no entries', (har) => delete har.log.entries, '"log" has no list of entries.'],
    ['an entry that is none', (har) => (har.log.entries[1] = 7), 'Entry 2 is not an object.'],
    ['no request', (har) => delete har.log.entries[0].request, 'Entry 1 has no request.'],
    [
      'a relative URL',
      (har) => (har.log.entries[2].request.url = '/x'),
      'Entry 3 has no absolute request.url.',
    ],
    [
      'no time',
      (har) => (har.log.entries[0].startedDateTime = 'soon'),
      'Entry 1 has no valid startedDateTime.',
    ],
    [
      'a status that is text',
      (har) => (har.log.entries[0].response.status = '200'),
      'Entry 1 has no response.status.',
    ],
    [
      'a header without value',
      (har) => (har.log.entries[0].request.headers = [{ name: 'a', value: 'b' }, { name: 'c' }]),
      'Entry 1 request.headers has no name and value at 2.',
    ],
  ])('%s', (_what, change, mistake) => {
    expect(broken(change)).toEqual([mistake]);
  });

  test('many mistakes are counted, not listed', () => {
    const mistakes = broken((har) => (har.log.entries = Array.from({ length: 9 }, () => null)));
    expect(mistakes).toHaveLength(6);
    expect(mistakes.at(-1)).toBe('And 4 more entries.');
  });
});

test('whatever JSON it gets, it answers; and what it accepts can be judged', () => {
  const settings = {
    frontendOrigin: 'https://example.com',
    apiOrigin: 'https://api.example.com',
    accessCookie: 'a',
    refreshCookie: 'r',
    hostnames: [],
  };
  const header = fc.record({
    name: fc.constantFrom('set-cookie', 'cookie', 'origin', ''),
    value: fc.string(),
  });
  const entry = fc.record({
    startedDateTime: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    time: fc.oneof(fc.integer(), fc.constant(null)),
    request: fc.record({
      method: fc.constantFrom('GET', 'POST', 'OPTIONS'),
      url: fc.constantFrom('https://api.example.com/auth/login/', 'wss://example.com/', 'blob:x'),
      headers: fc.array(header, { maxLength: 4 }),
    }),
    response: fc.record({
      status: fc.constantFrom(0, -1, 200, 401, 999),
      headers: fc.array(header, { maxLength: 4 }),
      content: fc.oneof(fc.record({ text: fc.string() }), fc.constant(null)),
    }),
  });
  const har = fc.record({
    log: fc.record({ entries: fc.array(fc.oneof(entry, fc.jsonValue()), { maxLength: 5 }) }),
  });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), har), (value) => {
      const result = readHar(value);
      if (!result.ok) return result.mistakes.length > 0;
      guessSettings(result.reading);
      return judgeHar(result.reading, settings, createWatch(settings)).findings.length >= 0;
    }),
  );
});
