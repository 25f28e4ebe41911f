import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { registerAndLogin, startAuth } from '../helpers/auth-api.ts';
import { claimsFor, mint } from '../helpers/auth-tokens.ts';

const RUNS = Number(process.env['AUTH_FUZZ_RUNS'] ?? 400);

const PATHS = [
  'login',
  'logout',
  'user',
  'password/change',
  'password/reset',
  'password/reset/confirm',
  'token/refresh',
  'token/verify',
  'registration',
  'registration/verify-email',
  'registration/resend-email',
  'registration/account-confirm-email/x',
];
const CONTENT_TYPES = [
  ['application/json', 'application/json; charset=utf-16', 'application/x-www-form-urlencoded'],
  ['multipart/form-data; boundary=x', 'multipart/form-data', 'text/plain', '*/*', ''],
].flat();
const FIELDS = [
  ['username', 'email', 'password', 'password1', 'password2', 'new_password1', 'new_password2'],
  ['uid', 'token', 'refresh', 'key', 'first_name', 'last_name', '__proto__', 'constructor', 'toString'],
].flat();

/** Texts that something in the way may take for something else. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'ann',
    'ann@example.org',
    'a@b.co',
    '1',
    'x'.repeat(200),
    '🦊'.repeat(160),
    '\ud800',
  ),
  fc.constantFrom(
    "' or 1=1 --",
    '%00',
    '../..',
    '{{x}}',
    '$where',
    'null',
    'undefined',
    'NaN',
    '1e999',
    '\u2028',
  ),
);
const value = fc.oneof(text, fc.jsonValue(), fc.double(), fc.constantFrom(null, true, [], {}));
const object = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 6, noNullPrototype: true });

const claims = fc.record(
  {
    token_type: fc.constantFrom('access', 'refresh', 'x', 5, null),
    exp: fc.oneof(fc.double(), fc.constantFrom('x', null, 1e20, -1, 4_000_000_000)),
    iat: fc.oneof(fc.double(), fc.constantFrom(0, 'x', null)),
    jti: fc.oneof(text, fc.constantFrom(null, 5)),
    user_id: fc.oneof(text, fc.double(), fc.constantFrom('1', 1, null, [], true, '9'.repeat(30))),
    nbf: fc.constantFrom('5', 0, 'x'),
    aud: fc.jsonValue(),
  },
  { requiredKeys: [] },
);
/** Tokens that are signed with the right key and say anything. */
const token = fc.oneof(
  claims.map((changes) => mint(claimsFor('refresh', changes))),
  claims.map((changes) => mint(claimsFor('access', changes))),
  fc.jsonValue().map((payload) => mint(JSON.stringify(payload))),
  text,
);

/** All that Node lets into a header: no control characters. */
const headerText = fc.string({
  unit: fc
    .oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff }))
    .map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
const headers = fc.record(
  {
    'content-type': fc.oneof(headerText, fc.constantFrom(...CONTENT_TYPES)),
    accept: fc.oneof(headerText, fc.constantFrom('*/*', 'text/html', 'application/json; indent=4')),
    authorization: fc.oneof(
      headerText,
      token.map((jwt) => `Bearer ${toHeader(jwt)}`),
    ),
    cookie: fc.oneof(
      headerText,
      token.map((jwt) => `jwt-access-token=${toHeader(jwt)}; jwt-refresh-token=${toHeader(jwt)}`),
    ),
    origin: fc.oneof(headerText, fc.constantFrom('null', 'https://example.com', 'https://[')),
    'x-csrftoken': headerText,
    'access-control-request-method': headerText,
  },
  { requiredKeys: [] },
);

/** What may stand in a header: anything else does not leave the client. */
function toHeader(raw: string): string {
  return raw.replaceAll(/[^\x20-\x7e]/g, '');
}

const body = fc.oneof(
  object.map((members) => JSON.stringify(members)),
  object.map((members) =>
    new URLSearchParams(
      Object.entries(members).map(([key, member]): [string, string] => [key, JSON.stringify(member) ?? '']),
    ).toString(),
  ),
  fc.json(),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  token.map((jwt) => JSON.stringify({ refresh: jwt, token: jwt })),
  fc.constantFrom(
    '{"a":',
    '[[[[[',
    '--x\r\n\r\n--x--',
    `--x\r\nContent-Disposition: form-data; name="username"\r\n\r\na\r\n--x--`,
  ),
);

interface Sent {
  readonly status: number;
  readonly text: string;
}

function send(
  port: number,
  method: string,
  path: string,
  headerFields: Readonly<Record<string, string | undefined>>,
  content: string | Buffer,
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const defined = Object.entries(headerFields).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    // The length is always said: Node's client sends the body of a GET without any framing otherwise.
    const all = { ...Object.fromEntries(defined), 'content-length': Buffer.byteLength(content) };
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    request.on('error', reject);
    request.end(content);
  });
}

describe.each([
  ['strict', false],
  ['helpful', true],
] as const)('anything that can be sent, mode %s', (compat, csrf) => {
  it('gets an answer below 500, and no error is left over', async () => {
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): void => void rejections.push(reason);
    process.on('unhandledRejection', onRejection);
    onTestFinished(() => void process.off('unhandledRejection', onRejection));
    const api = await startAuth({ compat, csrf });
    await registerAndLogin(api.client(), 'ann');
    const server = createServer(api.app);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo;

    const methods = fc.constantFrom(
      'GET',
      'HEAD',
      'POST',
      'POST',
      'POST',
      'PUT',
      'PATCH',
      'DELETE',
      'OPTIONS',
      'TRACE',
    );
    const paths = fc.constantFrom(
      ...PATHS.flatMap((name) => [`/auth/${name}/`, `/auth/${name}`, `/auth/${name}/?format=json&x=%ff`]),
    );
    await fc.assert(
      fc.asyncProperty(methods, paths, headers, body, async (method, path, headerFields, content) => {
        const answer = await send(port, method, path, headerFields, content);
        expect(answer.status).toBeGreaterThanOrEqual(200);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: RUNS },
    );
    expect(api.unexpected).toEqual([]);
    expect(rejections).toEqual([]);
    expect((await api.client().post('/auth/login/', { username: 'ann', password: 'x' })).status).toBe(400);
  });
});
