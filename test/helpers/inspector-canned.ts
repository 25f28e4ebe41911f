import type {
  ExchangeDetail,
  ExchangeRow,
  JarView,
  Overview,
  TokenView,
} from '../../src/environment/inspector/types.ts';
import type { DescribedFinding } from '../../src/verdicts/findings/format.ts';

const START = Date.parse('2026-11-23T10:00:00.000Z');
const CORS_MARKS = ['none', 'none', 'allowed', 'blocked', 'preflight-allowed', 'preflight-blocked'] as const;
const STATUSES = [200, 200, 204, 304, 401, 500, 0] as const;
const METHODS = ['GET', 'GET', 'POST', 'OPTIONS'] as const;

/** Row `number` of a long list: all kinds of them come round. */
export function cannedRow(number: number): ExchangeRow {
  const pick = <T>(values: readonly T[]): T => values[number % values.length] as T;
  return {
    id: `x${number}`,
    seq: number,
    at: new Date(START + number * 137).toISOString(),
    durationMs: (number % 90) + 0.4,
    kind: number % 50 === 7 ? 'websocket' : 'http',
    method: pick(METHODS),
    host: number % 3 === 0 ? 'example.com' : 'api.example.com',
    path: number % 3 === 0 ? `/assets/module-${number}.js` : `/auth/user/?page=${number}`,
    status: pick(STATUSES),
    upstream: number % 11 === 0 ? null : 'auth API',
    failure: number % 11 === 0 ? 'ERR_UPSTREAM_UNREACHABLE' : null,
    client: pick(['Chrome 156', 'Firefox 153', 'curl 8.14', '']),
    cookies: {
      sent: number % 3,
      stored: number % 5 === 0 ? 2 : 0,
      deleted: 0,
      refused: number % 10 === 0 ? 1 : 0,
    },
    cors: pick(CORS_MARKS),
    findings: number % 10 === 0 ? ['JD102', 'JD201'] : [],
  };
}

export function cannedRows(count: number): ExchangeRow[] {
  return Array.from({ length: count }, (_, at) => cannedRow(at + 1));
}

export function cannedOverview(kept: number, hasAuth: boolean): Overview {
  return {
    version: '0.1.0',
    frontend: 'https://example.com',
    api: 'https://api.example.com',
    mode: 'hosts',
    auth: hasAuth ? { basePath: '/auth/' } : null,
    accessCookie: 'jwt-access-token',
    refreshCookie: 'jwt-refresh-token',
    users: hasAuth
      ? [
          { username: 'alice', password: 'alice', email: 'alice@example.com' },
          { username: 'bob', password: 'bob', email: 'bob@example.com' },
        ]
      : [],
    now: new Date().toISOString(),
    capacity: 10_000,
    kept,
    dropped: 0,
    missed: 0,
    last: kept,
    looked: kept,
  };
}

export function cannedFinding(subject = 'POST /auth/login/'): DescribedFinding {
  return {
    code: 'JD102',
    name: 'credentials-missing',
    severity: 'error',
    title: 'request without credentials',
    host: 'api.example.com',
    subject,
    evidence: 'POST /auth/login/ came from https://example.com without cookies.',
    cause: 'fetch() sends and keeps cookies of another origin only with credentials.',
    reason: 'MissingCredentials',
    fixes: [
      { place: 'fetch', text: "fetch(url, { credentials: 'include' })" },
      { place: 'axios', text: 'axios.defaults.withCredentials = true' },
    ],
    source: 'Fetch, HTTP-network-or-cache fetch',
    exchanges: ['x10', 'x20'],
    count: 3,
    firstAt: new Date(START).toISOString(),
    lastAt: new Date(START + 60_000).toISOString(),
  };
}

function cannedToken(): Omit<TokenView, 'where'> {
  const now = Date.now();
  return {
    header: { alg: 'HS256', typ: 'JWT' },
    claims: {
      token_type: 'access',
      exp: Math.floor(now / 1000) + 290,
      iat: Math.floor(now / 1000) - 10,
      user_id: '1',
    },
    issuedAt: new Date(now - 10_000).toISOString(),
    expiresAt: new Date(now + 290_000).toISOString(),
  };
}

export function cannedDetail(row: ExchangeRow, revealed: boolean): ExchangeDetail {
  const value = revealed ? 'the-real-value' : '[hidden]';
  return {
    ...row,
    url: `https://${row.host}${row.path}`,
    httpVersion: '2.0',
    revealed,
    request: {
      headers: [
        ['accept', 'application/json'],
        ['cookie', `jwt-access-token=${value}`],
      ],
      body: { mediaType: 'application/json', text: '{"username":"alice"}', size: 20, isCut: false },
    },
    response: {
      headers: [['content-type', 'application/json']],
      body: { mediaType: 'application/json', text: '{"user":{"username":"alice"}}', size: 29, isCut: false },
    },
    withheld: [['strict-transport-security', 'max-age=31536000']],
    failureText:
      row.failure === null
        ? null
        : { message: 'The upstream does not answer.', hint: 'Start it: `npm run dev`' },
    cookiesSent: [{ name: 'jwt-access-token', value, known: true }],
    cookiesKeptBack: [
      {
        name: 'strict',
        domain: 'api.example.com',
        path: '/',
        reasons: ['SameSiteStrict'],
        why: 'Another site asked.',
      },
    ],
    cookiesSet: [
      {
        line: 'jwt-access-token=[hidden]; Path=/; Secure; HttpOnly',
        name: 'jwt-access-token',
        verdict: 'stored',
        reasons: [],
        why: null,
        warnings: [],
      },
      {
        line: 'wide=[hidden]; Domain=org',
        name: 'wide',
        verdict: 'refused',
        reasons: ['InvalidDomain'],
        why: 'org is not the domain of the host.',
        warnings: ['It is a public suffix.'],
      },
    ],
    corsSteps:
      row.cors === 'none'
        ? []
        : [
            { title: 'Origin', ok: null, detail: 'https://example.com asks https://api.example.com' },
            { title: 'Access-Control-Allow-Origin', ok: true, detail: 'https://example.com' },
            { title: 'Access-Control-Allow-Credentials', ok: false, detail: 'It is not there.' },
          ],
    tokens: [{ where: 'Set-Cookie jwt-access-token', ...cannedToken() }],
    shown: row.findings.includes('JD102') ? [cannedFinding()] : [],
  };
}

export function cannedJars(reveal: boolean): JarView[] {
  const cookie = {
    name: 'jwt-access-token',
    value: reveal ? 'the-real-value' : '[hidden]',
    domain: 'api.example.com',
    hostOnly: true,
    path: '/',
    secure: true,
    httpOnly: true,
    sameSite: 'Lax',
    partition: null,
    expiresAt: new Date(Date.now() + 290_000).toISOString(),
    setBy: 'x10',
    token: cannedToken(),
  };
  const session = {
    ...cookie,
    name: 'sessionid',
    expiresAt: null,
    setBy: null,
    token: null,
    partition: 'https://example.org',
  };
  return [{ client: 'Chrome 156', cookies: [cookie, session] }];
}

export function cannedMails(): object[] {
  const link = 'https://example.com/password-reset/confirm?uid=MQ&token=abc';
  const mail = {
    to: 'alice@example.com',
    type: 'reset-password',
    subject: '[example.com] Password Reset Email',
    body: `Hello alice,\n\nSet it here:\n\n${link}\n`,
    parts: { link, uid: 'MQ', token: 'abc' },
  };
  return [
    { ...mail, id: 1, sentAt: new Date(START).toISOString() },
    { ...mail, id: 2, to: 'bob@example.com', sentAt: new Date(START + 5000).toISOString() },
  ];
}
