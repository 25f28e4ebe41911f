import { beforeEach, describe, expect, test } from 'vitest';
import { createLedger, type Ledger } from '../../../../src/verdicts/view/ledger.ts';
import type { JarCookie } from '../../../../src/verdicts/view/types.ts';
import type { ViewedExchange } from '../../../../src/verdicts/view/viewed-exchange.ts';
import { ALLOWED, CALL, CHROME, createExchanges, SETTINGS, tokenOf } from './exchanges.ts';

let ledger: Ledger;
let exchange: ReturnType<typeof createExchanges>;

beforeEach(() => {
  ledger = createLedger(SETTINGS);
  exchange = createExchanges();
});

const NOW = 1_700_000_300_000;
const ACCESS = tokenOf({ user_id: 1, exp: 1_800_000_000, iat: 1_699_999_000 });

function sets(...lines: readonly string[]): Pick<ViewedExchange, 'responseHeaders'> {
  return { responseHeaders: [...ALLOWED, ...lines.map((line) => ['set-cookie', line] as const)] };
}
function carries(cookie: string): Pick<ViewedExchange, 'requestHeaders'> {
  return { requestHeaders: [...CALL, ['cookie', cookie]] };
}
const DOCUMENT: ViewedExchange['requestHeaders'] = [
  ['user-agent', CHROME],
  ['accept-language', 'en-GB'],
  ['sec-fetch-site', 'none'],
  ['sec-fetch-mode', 'navigate'],
  ['sec-fetch-dest', 'document'],
];
function login(): ViewedExchange {
  return exchange({
    method: 'POST',
    target: '/auth/login/',
    canary: 'sent',
    ...sets(
      `jwt-access-token=${ACCESS}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600`,
      'jwt-refresh-token=refresh-1; Path=/auth/token/refresh/; Secure; HttpOnly; SameSite=Strict',
    ),
  });
}
function cookiesOf(client = 'Chrome 156', reveal = false): readonly JarCookie[] {
  return ledger.jars(NOW, reveal).find((jar) => jar.client === client)?.cookies ?? [];
}
function namesOf(client?: string): readonly string[] {
  return cookiesOf(client)
    .map(({ name }) => name)
    .toSorted();
}

describe('rows', () => {
  test('say who asked, what became of the cookies and of CORS', () => {
    const { row } = ledger.look(login());
    expect(row).toMatchObject({
      id: 'x1',
      seq: 1,
      at: '2023-11-14T22:13:30.000Z',
      method: 'POST',
      host: 'api.example.com',
      path: '/auth/login/',
      client: 'Chrome 156',
      cookies: { sent: 0, stored: 2, deleted: 0, refused: 0 },
      cors: 'allowed',
      failure: null,
      findings: [],
    });
    const logout = exchange({
      ...carries(`jwt-access-token=${ACCESS}`),
      ...sets('jwt-access-token=; Path=/; Max-Age=0', 'x=1; Domain=other.org'),
    });
    expect(ledger.look(logout).row.cookies).toEqual({ sent: 1, stored: 0, deleted: 1, refused: 1 });
  });

  test.each([
    ['an answer without leave', { responseHeaders: [] }, 'blocked'],
    ['one with leave', {}, 'allowed'],
    [
      'a wildcard for cookies',
      { ...carries('a=1'), responseHeaders: [['access-control-allow-origin', '*']] },
      'blocked',
    ],
    ['a client that left', { status: 0, responseHeaders: [] }, 'none'],
    ['a navigation', { requestHeaders: [['sec-fetch-mode', 'navigate']] }, 'none'],
    ['an error of the proxy itself', { fromBackend: false, status: 502, responseHeaders: [] }, 'blocked'],
  ] satisfies readonly (readonly [string, Partial<ViewedExchange>, string])[])(
    'CORS of %s: %o is %s',
    (_, changes, mark) => {
      expect(ledger.look(exchange(changes)).row.cors).toBe(mark);
    },
  );

  test.each([
    ['POST', 'preflight-allowed'],
    ['PATCH', 'preflight-blocked'],
  ])('a preflight for %s is %s', (method, mark) => {
    const preflight = exchange({
      method: 'OPTIONS',
      status: 204,
      requestHeaders: [...CALL, ['access-control-request-method', method]],
    });
    expect(ledger.look(preflight).row.cors).toBe(mark);
  });
});

describe('the jar', () => {
  test('has what was stored, who set it, and the token in it', () => {
    ledger.look(login());
    expect(cookiesOf()).toEqual([
      {
        name: 'jwt-access-token',
        value: '(token, expires 2027-01-15T08:00:00Z)',
        domain: 'api.example.com',
        hostOnly: true,
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'Lax',
        partition: null,
        expiresAt: '2023-11-14T22:23:30.005Z',
        setBy: 'x1',
        token: {
          header: { alg: 'RS256', typ: 'JWT' },
          claims: { user_id: 1, exp: 1_800_000_000, iat: 1_699_999_000 },
          issuedAt: '2023-11-14T21:56:40.000Z',
          expiresAt: '2027-01-15T08:00:00.000Z',
        },
      },
      expect.objectContaining({ name: 'jwt-refresh-token', value: '(hidden)', setBy: 'x1', token: null }),
    ]);
    expect(cookiesOf('Chrome 156', true).map(({ value }) => value)).toEqual([ACCESS, 'refresh-1']);
  });

  test('what comes back is known, what nobody set is not', () => {
    ledger.look(login());
    const look = ledger.look(exchange(carries(`jwt-access-token=${ACCESS}; theme=dark`)));
    expect(look.cookies?.known).toEqual([true, false]);
    expect(cookiesOf()).toContainEqual(
      expect.objectContaining({ name: 'theme', domain: 'api.example.com', sameSite: 'unknown', setBy: null }),
    );
  });

  test('a cookie stays behind for its Path, and the look says so', () => {
    ledger.look(login());
    const look = ledger.look(exchange(carries(`jwt-access-token=${ACCESS}`)));
    expect(look.cookies?.keptBack).toEqual([
      {
        name: 'jwt-refresh-token',
        domain: 'api.example.com',
        path: '/auth/token/refresh/',
        reasons: ['NotOnPath'],
      },
    ]);
  });

  test('a request that surely goes without credentials leaves them all, and takes none out', () => {
    ledger.look(login());
    const look = ledger.look(exchange({ canary: 'not-sent' }));
    expect(look.cookies?.keptBack).toEqual([
      { name: 'jwt-access-token', domain: 'api.example.com', path: '/', reasons: ['credentials'] },
    ]);
    expect(namesOf()).toEqual(['jwt-access-token', 'jwt-refresh-token']);
  });

  test('what is set where the request surely went without credentials is ignored, and not taken in', () => {
    ledger.look(login());
    const second = { ...login(), canary: 'not-sent' as const };
    const look = ledger.look(second);
    expect(look.cookies?.verdicts.map(({ verdict }) => verdict)).toEqual(['stored', 'stored']);
    const other = ledger.look({ ...second, id: 'x3', url: 'https://api.example.com/auth/other/' });
    expect(other.cookies?.verdicts.map(({ verdict }) => verdict)).toEqual(['not-processed', 'not-processed']);
    expect(other.row.cookies).toEqual({ sent: 0, stored: 0, deleted: 0, refused: 2 });
    expect(cookiesOf().map(({ setBy }) => setBy)).toEqual(['x2', 'x2']);
  });

  test('the very first cookies are ignored as well, and deletions delete nothing', () => {
    ledger.look(exchange({ canary: 'not-sent', ...sets('a=1; Path=/; Secure') }));
    expect(ledger.jars(NOW, false)).toEqual([]);
    ledger.look(login());
    const logout = exchange({
      target: '/auth/logout/',
      canary: 'not-sent',
      responseHeaders: [
        ...ALLOWED,
        ['clear-site-data', '"cookies"'],
        ['set-cookie', 'jwt-access-token=; Max-Age=0'],
      ],
    });
    expect(ledger.look(logout).row.cookies).toMatchObject({ deleted: 0, refused: 1 });
    expect(namesOf()).toEqual(['jwt-access-token', 'jwt-refresh-token']);
  });

  test.each([
    [
      'of a page of another site',
      { requestHeaders: [...CALL, ['sec-fetch-site', 'cross-site']].toReversed() },
    ],
    ['that are no fetch', { requestHeaders: [...CALL, ['sec-fetch-mode', 'navigate']].toReversed() }],
    ['with a cookie', carries('b=1')],
  ] satisfies readonly (readonly [string, object])[])(
    'requests %s say nothing by the missing canary: the cookies are taken in',
    (_, changes) => {
      const { requestHeaders } = changes as Pick<ViewedExchange, 'requestHeaders'>;
      ledger.look(
        exchange({ canary: 'not-sent', requestHeaders, ...sets('a=1; Path=/; Secure; SameSite=None') }),
      );
      expect(namesOf()).toContain('a');
    },
  );

  test('nor does a request that set out before the page came, with which the canary came', () => {
    const page = exchange({ host: 'example.com', target: '/', requestHeaders: DOCUMENT, canary: 'sent' });
    ledger.look(page);
    const look = ledger.look(
      exchange({ at: page.at - 10, canary: 'not-sent', ...sets('a=1; Path=/; Secure') }),
    );
    expect(look.canary).toBe('unknown');
    expect(namesOf()).toEqual(['a']);
  });

  test('what a request with credentials should have carried and did not is gone', () => {
    ledger.look(login());
    ledger.look(exchange({ canary: 'sent' }));
    // The other one was not to be sent there.
    expect(namesOf()).toEqual(['jwt-refresh-token']);
  });

  test('a request that set out before the answer came takes nothing out', () => {
    const first = login();
    ledger.look(first);
    ledger.look(exchange({ canary: 'sent', at: first.at + 2, durationMs: 500 }));
    expect(namesOf()).toEqual(['jwt-access-token', 'jwt-refresh-token']);
  });

  test('preflights, and requests of which nobody knows whether they had credentials, take nothing out', () => {
    ledger.look(login());
    ledger.look(
      exchange({ method: 'OPTIONS', requestHeaders: [...CALL, ['access-control-request-method', 'POST']] }),
    );
    ledger.look(exchange());
    expect(namesOf()).toEqual(['jwt-access-token', 'jwt-refresh-token']);
  });

  test('it follows deletions and Clear-Site-Data', () => {
    ledger.look(login());
    ledger.look(
      exchange({ ...carries(`jwt-access-token=${ACCESS}`), ...sets('jwt-access-token=; Path=/; Max-Age=0') }),
    );
    expect(namesOf()).toEqual(['jwt-refresh-token']);
    ledger.look(
      exchange({ canary: 'sent', responseHeaders: [...ALLOWED, ['clear-site-data', '"cookies"']] }),
    );
    expect(namesOf()).toEqual([]);
  });

  test.each([
    ['a domain cookie', 'a=1; Domain=example.com; Path=/'],
    ['one with a prefix', '__Host-a=1; Path=/; Secure; HttpOnly'],
    ['a partitioned one', 'a=1; Path=/; Secure; SameSite=None; Partitioned'],
    ['one without a name', 'justvalue; Path=/'],
    ['one that is not Secure', 'a=1; Path=/'],
  ])('%s can go as well', (_, line) => {
    ledger.look(exchange({ canary: 'sent', ...sets(line) }));
    expect(namesOf()).toHaveLength(1);
    ledger.look(exchange({ canary: 'sent' }));
    expect(namesOf()).toEqual([]);
  });

  test('a browser that blocks third-party cookies stores none for a page of another site', () => {
    const foreign: ViewedExchange['requestHeaders'] = [
      ['user-agent', CHROME],
      ['sec-ch-ua', '"Chromium";v="156"'],
      ['origin', 'https://other.org'],
      ['sec-fetch-site', 'cross-site'],
      ['sec-fetch-mode', 'cors'],
      ['sec-fetch-dest', 'empty'],
      ['sec-fetch-storage-access', 'none'],
    ];
    const look = ledger.look(
      exchange({
        requestHeaders: foreign,
        ...sets('a=1; Path=/; Secure; SameSite=None', 'b=1; Path=/; Secure; SameSite=None; Partitioned'),
      }),
    );
    expect(look.cookies?.verdicts.map(({ verdict, reasons }) => [verdict, reasons])).toEqual([
      ['blocked', ['UserPreferences']],
      ['stored', []],
    ]);
    expect(namesOf()).toEqual(['b']);
  });

  test('each browser has one of its own, sixteen at most, and doctor none', () => {
    for (let version = 1; version <= 20; version += 1) {
      const agent = `Firefox/${version}`;
      ledger.look(exchange({ requestHeaders: [['user-agent', agent]], ...sets(`a=${version}; Path=/`) }));
    }
    ledger.look(exchange({ requestHeaders: [['user-agent', 'jwt-dev-doctor']], ...sets('a=1; Path=/') }));
    const jars = ledger.jars(NOW, true);
    expect(jars.map(({ client }) => client)).toEqual(
      Array.from({ length: 16 }, (_, at) => `Firefox ${20 - at}`),
    );
  });

  test('two of a kind are told apart by a number', () => {
    for (const language of ['en', 'de']) {
      const requestHeaders = [
        ['user-agent', CHROME],
        ['accept-language', language],
      ] as const;
      ledger.look(exchange({ requestHeaders, ...sets('a=1; Path=/') }));
    }
    expect(ledger.jars(NOW, false).map(({ client }) => client)).toEqual(['Chrome 156', 'Chrome 156 (2)']);
  });
});
