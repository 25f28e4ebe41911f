import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createDetail, type DetailInput, type KnownBody } from '../../../../src/verdicts/view/detail.ts';
import { createLedger, type Ledger } from '../../../../src/verdicts/view/ledger.ts';
import type { ExchangeDetail } from '../../../../src/verdicts/view/types.ts';
import type { ViewedExchange } from '../../../../src/verdicts/view/viewed-exchange.ts';
import { ALLOWED, CALL, CHROME, createExchanges, SETTINGS, tokenOf } from './exchanges.ts';

let ledger: Ledger;
let exchange: ReturnType<typeof createExchanges>;

beforeEach(() => {
  ledger = createLedger(SETTINGS);
  exchange = createExchanges();
});

function detailOf(of: ViewedExchange, more: Partial<DetailInput> = {}): ExchangeDetail {
  const bodies = { requestBody: null, responseBody: null };
  const input = { exchange: of, look: ledger.look(of), partners: [], shown: [], reveal: false };
  return createDetail({ ...input, ...bodies, ...more }, SETTINGS);
}
function stepsOf(
  of: ViewedExchange,
  partners: readonly ViewedExchange[] = [],
): Readonly<Record<string, string>> {
  const marks = { true: 'yes', false: 'NO', null: '-' };
  const { corsSteps } = detailOf(of, { partners });
  return Object.fromEntries(
    corsSteps.map(({ title, ok, detail }) => [title, `${marks[`${ok ?? 'null'}`]}: ${detail}`]),
  );
}
function bodyOf(text: string, mediaType = 'application/json'): KnownBody {
  return { mediaType, text, size: text.length, isCut: false };
}
const WITH_COOKIE = { requestHeaders: [...CALL, ['cookie', 'a=1'] as const] };
const ASKS: ViewedExchange['requestHeaders'] = [
  ...CALL,
  ['access-control-request-method', 'PATCH'],
  ['access-control-request-headers', 'content-type,x-csrftoken'],
];

describe('the CORS decision', () => {
  test('of a request with cookies to a backend that allows every page', () => {
    const steps = stepsOf(
      exchange({ ...WITH_COOKIE, responseHeaders: [['access-control-allow-origin', '*']] }),
    );
    expect(steps).toEqual({
      'Across origins?':
        '-: Yes: a page of https://example.com asks https://api.example.com, another origin of the same site.',
      'With credentials?': '-: Yes: it carries cookies.',
      'Preflight needed?': '-: No: a simple method, and no header that needs leave.',
      'The answer: Access-Control-Allow-Origin':
        "NO: Access-Control-Allow-Origin is '*', and a request with credentials needs 'https://example.com' there.",
      'The answer: Access-Control-Allow-Credentials':
        "NO: It is not there, and a request with credentials needs 'true' there.",
      Vary: '-: It is not there.',
      Verdict:
        "NO: The page may not read the answer: Access-Control-Allow-Origin is '*', and a request with credentials needs 'https://example.com' there. (WildcardOriginNotAllowed)",
    });
  });

  test('without credentials, where the canary shows it', () => {
    const steps = stepsOf(exchange({ canary: 'not-sent' }));
    expect(steps['With credentials?']).toContain("credentials: 'include' is missing");
    expect(steps['Verdict']).toBe('yes: The page may read the answer.');
  });

  test('an answer for one origin that does not say so to caches', () => {
    const responseHeaders = [...ALLOWED.slice(0, 2), ['vary', 'Accept'] as const];
    expect(stepsOf(exchange({ responseHeaders }))['Vary']).toContain('it has to name Origin');
  });

  test('of a preflight, with each list by itself', () => {
    const steps = stepsOf(
      exchange({
        method: 'OPTIONS',
        status: 404,
        requestHeaders: ASKS,
        responseHeaders: [
          ['access-control-allow-origin', 'https://example.com/'],
          ['access-control-allow-methods', 'GET, PATCH'],
          ['access-control-allow-headers', 'content-type'],
        ],
      }),
    );
    expect(steps['What it asks for']).toContain('PATCH with the headers content-type,x-csrftoken');
    expect(steps['Preflight: status']).toBe('NO: It is 404; only 2xx gives leave.');
    expect(steps['Preflight: Access-Control-Allow-Origin']).toContain('remove the slash at the end');
    expect(steps['Preflight: Access-Control-Allow-Credentials']).toMatch(/^-: It is not there/);
    expect(steps['Preflight: Access-Control-Allow-Methods']).toMatch(/^yes: It is 'GET, PATCH'/);
    expect(steps['Preflight: Access-Control-Allow-Headers']).toMatch(/^NO: The header 'x-csrftoken'/);
    expect(steps['Verdict']).toMatch(/^NO: The request is not sent/);
  });

  test('a request that needs leave takes the nearest preflight of its own, and no other', () => {
    const leave = [...ALLOWED, ['access-control-allow-methods', 'PATCH'] as const];
    const preflight = exchange({ method: 'OPTIONS', requestHeaders: ASKS, responseHeaders: leave });
    const ofAnother = exchange({
      method: 'OPTIONS',
      requestHeaders: ASKS.map(([name, value]) => [name, name === 'user-agent' ? 'other' : value]),
    });
    const requestHeaders = [...CALL, ['content-type', 'application/json'], ['cookie', 'a=1']] as const;
    const request = exchange({ method: 'PATCH', requestHeaders });
    expect(stepsOf(request, [ofAnother, preflight])['Preflight needed?']).toBe(
      '-: Yes: the method PATCH, the header content-type. It was asked as x1.',
    );
    expect(stepsOf(request, [ofAnother])['Preflight needed?']).toContain('None is recorded');
    expect(stepsOf(preflight, [request])['With credentials?']).toBe('-: Yes: it carries cookies.');
  });

  test('there is none where nobody asked across origins', () => {
    expect(stepsOf(exchange({ host: 'example.com', url: 'https://example.com/auth/user/' }))).toEqual({});
    expect(stepsOf(exchange({ requestHeaders: [['user-agent', 'curl/8.14.1']] }))).toEqual({});
  });
});

describe('cookies', () => {
  test('each line with its verdict and a sentence', () => {
    const foreign = {
      requestHeaders: [
        ['user-agent', CHROME],
        ['origin', 'https://other.org'],
        ['sec-fetch-site', 'cross-site'],
        ['sec-fetch-mode', 'cors'],
        ['sec-fetch-dest', 'empty'],
      ] as const,
    };
    const lines = [
      'a=1; SameSite=Lax',
      'b=1; SameSite=None',
      'c=; Max-Age=0; SameSite=None; Secure',
      'd=1; Domain=other.org',
      'e=1; Secure; SameSite=None',
    ];
    const { cookiesSet } = detailOf(
      exchange({ ...foreign, responseHeaders: lines.map((line) => ['set-cookie', line] as const) }),
    );
    expect(cookiesSet.map(({ name, verdict, reasons, why }) => [name, verdict, reasons, why])).toEqual([
      [
        'a',
        'refused',
        ['SchemefulSameSiteLax'],
        'It is SameSite=Lax, and the page is of another site (https://other.org).',
      ],
      ['b', 'refused', ['SameSiteNoneInsecure'], 'SameSite=None without Secure.'],
      ['c', 'deleted', [], 'Its time is over as it arrives: it takes c out of the jar.'],
      [
        'd',
        'refused',
        ['InvalidDomain'],
        'Domain=other.org is not api.example.com or a parent of it that cookies may be set for.',
      ],
      ['e', 'stored', [], null],
    ]);
  });

  test('what stayed behind, with a sentence each', () => {
    ledger.look(
      exchange({
        canary: 'sent',
        responseHeaders: [
          ['set-cookie', 'a=1; Path=/auth/token/refresh/'],
          ['set-cookie', 'b=1; Path=/'],
        ],
      }),
    );
    const frontend = exchange({
      host: 'example.com',
      url: 'https://example.com/',
      target: '/',
      requestHeaders: [
        ['user-agent', CHROME],
        ['accept-language', 'en-GB'],
        ['cookie', 'c=1'],
      ],
    });
    expect(detailOf(frontend).cookiesKeptBack.map(({ name, why }) => [name, why])).toEqual([
      [
        'a',
        'It has no Domain, so it is for api.example.com alone, and the request goes to example.com; and its Path is /auth/token/refresh/, which / is not below.',
      ],
      ['b', 'It has no Domain, so it is for api.example.com alone, and the request goes to example.com.'],
    ]);
    const { cookiesKeptBack } = detailOf(exchange({ target: '/items/', canary: 'not-sent' }));
    expect(cookiesKeptBack).toEqual([
      expect.objectContaining({
        name: 'b',
        reasons: [],
        why: expect.stringContaining("credentials: 'include'"),
      }),
    ]);
  });
});

test('cookies that came without credentials are ignored, and why', () => {
  const { cookiesSet } = detailOf(
    exchange({ canary: 'not-sent', responseHeaders: [...ALLOWED, ['set-cookie', 'sid=1; Path=/; Secure']] }),
  );
  expect(cookiesSet).toMatchObject([
    {
      name: 'sid',
      verdict: 'ignored',
      why: 'The request was sent without credentials: the browser keeps none of the cookies.',
    },
  ]);
});

test('tokens are found wherever they stand, and never with their signature', () => {
  const token = tokenOf({ sub: 'é', exp: 1_800_000_000 });
  const { tokens } = detailOf(
    exchange({
      requestHeaders: [...CALL, ['cookie', `a=${token}`], ['authorization', `Bearer ${token}`]],
      responseHeaders: [['set-cookie', `b="${token}"; Path=/`]],
    }),
    {
      requestBody: bodyOf(JSON.stringify({ refresh: token })),
      responseBody: bodyOf(JSON.stringify({ user: { token } })),
    },
  );
  expect(tokens.map(({ where, claims }) => [where, claims['sub']])).toEqual([
    ['Cookie a', 'é'],
    ['authorization', 'é'],
    ['Set-Cookie b', 'é'],
    ['body: refresh', 'é'],
    ['body: user.token', 'é'],
  ]);
  expect(JSON.stringify(tokens)).not.toContain('c2lnbmF0dXJl');
});

test('what was planted anywhere is in no row, no detail and no jar', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9_-]{9,30}Zq9$/);
  fc.assert(
    fc.property(secret, fc.constantFrom('Cookie', 'COOKIE', 'cookie'), (planted, cookieName) => {
      const followed = createLedger(SETTINGS);
      const next = createExchanges();
      const token = `${tokenOf({ password: planted, exp: 1_800_000_000 }).replace(/[^.]*$/, '')}${planted}`;
      const seen = next({
        method: 'POST',
        target: `/cb/${token}/?code=${planted}&a=1`,
        requestHeaders: [
          ...CALL,
          [cookieName, `a=${planted}; b=${token}; ${planted}`],
          ['Authorization', `Bearer ${planted}`],
          ['X-CSRFToken', planted],
          ['Referer', `https://example.com/?token=${planted}`],
        ],
        responseHeaders: [
          ...ALLOWED,
          ['Set-Cookie', `a=${planted}; Path=/; Secure`],
          ['Set-Cookie', `refused=${planted}; Domain=other.org`],
          ['Set-Cookie', `quoted="${planted};${planted}"; Path=/`],
          ['Set-Cookie', `b=${token}; Path=/; Secure`],
          ['Location', `/next?key=${planted}`],
          // Said again where nobody expects it.
          ['X-Debug', `got ${planted}`],
        ],
        withheldHeaders: [['x-secret', planted]],
        failure: { code: 'ERR_X', message: `It said Bearer ${planted}1.`, hint: '' },
      });
      const look = followed.look(seen);
      const detail = createDetail(
        {
          exchange: seen,
          look,
          partners: [],
          requestBody: bodyOf(`username=a&password=${planted}`, 'application/x-www-form-urlencoded'),
          responseBody: bodyOf(
            JSON.stringify({ access: token, list: [{ otp: planted }], echo: `x ${planted}` }),
          ),
          shown: [],
          reveal: false,
        },
        SETTINGS,
      );
      const jars = followed.jars(seen.at + 1_000, false);
      expect(jars[0]?.cookies.length).toBeGreaterThan(1);
      for (const shown of [look.row, detail, jars]) expect(JSON.stringify(shown)).not.toContain('Zq9');
    }),
  );
});

test('a sentence about a password stays where the password is known not to be in it', () => {
  const free = '{"password":["Nobody likes sunshine, think of another."]}';
  const refused = exchange({ method: 'POST', status: 400 });
  const shownFor = (requestBody: KnownBody | null, of = refused): string | null | undefined =>
    detailOf(of, { requestBody, responseBody: bodyOf(free) }).response.body?.text;
  const hidden = '{"password":["(hidden)"]}';
  expect(shownFor(bodyOf('{"password":"sunshin9"}'))).toBe(free);
  expect(shownFor(bodyOf('{"password":"sunshine"}'))).toBe(hidden);
  expect(shownFor(null)).toBe(hidden);
  expect(shownFor({ ...bodyOf('{"a":1'), isCut: true })).toBe(hidden);
  expect(shownFor({ ...bodyOf(''), text: null })).toBe(hidden);
  expect(shownFor(null, exchange({ status: 400 }))).toBe(free);
});
