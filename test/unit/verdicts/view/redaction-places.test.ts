import { describe, expect, test } from 'vitest';
import { type BodyText, createRedaction, REVEALING } from '../../../../src/verdicts/view/redaction.ts';

const redaction = createRedaction();

function json(value: unknown, changes: Partial<BodyText> = {}): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return redaction.body({ mediaType: 'application/json', text, isCut: false, status: null, ...changes });
}
function header(name: string, value: string): string {
  return redaction.headers([[name, value]])[0]?.[1] ?? '';
}
function plain(text: string): string {
  return redaction.body({ mediaType: 'text/plain', text, isCut: false, status: 200 });
}

const SECRET = 'hunter2-Zq9';

describe('secrets in strings of JSON', () => {
  test.each([
    { query: `mutation { login(user: "ann", password: "${SECRET}") { ok } }` },
    { query: `mutation { login(password: "a\\"${SECRET}") { ok } }` },
    { query: `mutation { login(password: """a "b" ${SECRET}""") { ok } }` },
    { query: `mutation { login(password:'${SECRET}') }` },
    { detail: `your password: ${SECRET}` },
    { detail: `your password: correct horse ${SECRET}` },
    { detail: `Your password is ${SECRET}, keep it.` },
    { detail: `The password “${SECRET}” is too common.` },
    { detail: `Password '${SECRET}' is too weak.` },
    { detail: `the token 'a_b~${SECRET}' is none, passcode: a_b_${SECRET}` },
    { log: `got {"password":"${SECRET}"} from ann` },
    { log: `got {\\"password\\":\\"a\\\\\\"b ${SECRET}\\"} from ann` },
    { log: `got {"password":["]",{"a":"${SECRET}"}]} from ann` },
    { log: `got {\\"password\\":[\\"]${SECRET}\\"]} from ann` },
    { log: `got {'password': ['a]${SECRET}']} from ann` },
    { log: `[INFO] got {"name":"password","value":"${SECRET}"} from ann` },
    { log: `got {"user[password]":"${SECRET}"} and user[password]: ${SECRET}` },
    { log: `got {"\\u0070assword":"${SECRET}"}` },
    { html: `<input type="hidden" name="csrfmiddlewaretoken" value="${SECRET}">` },
    { url: `postgres://ann:${SECRET}@127.0.0.1/db` },
    { url: `https:\\/\\/ann:${SECRET}@example.com` },
    { pw: SECRET },
    { userPw: SECRET, db_pass: SECRET, DB_PASS: SECRET, dbPass: SECRET },
  ])('%j', (body) => {
    expect(json(body)).not.toContain('Zq9');
    expect(json({ inner: JSON.stringify(body) })).not.toContain('Zq9');
  });

  test.each([
    [{ name: 'password', value: SECRET }],
    [{ value: SECRET, name: 'password' }],
    [{ key: 'password', value: [SECRET] }],
    [{ value: { a: [SECRET] }, field: 'new_password' }],
    [
      {
        fields: [
          { id: 'a', value: 1 },
          { id: 'token', value: SECRET },
        ],
      },
    ],
    [{ path: 'password', type: 'field', value: SECRET }],
    [{ detail: [{ loc: ['body', 'password'], msg: 'Too short', input: SECRET }] }],
    [
      {
        postData: {
          params: [
            { name: 'a', value: 'b' },
            { name: 'otp', value: SECRET },
          ],
        },
      },
    ],
  ])('a name beside its value: %j', (body) => {
    expect(json(body)).not.toContain('Zq9');
    expect(json(JSON.stringify(body).replaceAll('name', '\\u006eame'))).not.toContain('Zq9');
  });

  test('beside names that tell nothing values stay', () => {
    const text =
      '{"list":[{"name":"theme","value":"dark"},{"name":"password"},{"value":"x"}],"path":"/auth/token/","value":"y"}';
    expect(json(text)).toBe(text);
  });

  test('what is said around them stays', () => {
    expect(json({ query: `mutation { login(user: "ann", password: "${SECRET}") { ok } }` })).toBe(
      '{"query":"mutation { login(user: \\"ann\\", password: \\"(hidden)\\") { ok } }"}',
    );
    expect(json({ detail: `Your password is ${SECRET} now.` })).toBe(
      '{"detail":"Your password is (hidden) now."}',
    );
  });
});

describe('secrets in header fields', () => {
  test.each(['X-Auth', 'X-Session', 'X-User-Pass', 'X-Api-Key', 'X-Auth-Key', 'X-Access-Key', 'X-Pin'])(
    '%s',
    (name) => {
      expect(header(name, SECRET)).toBe('(hidden)');
      expect(header(name.toLowerCase(), SECRET)).toBe('(hidden)');
    },
  );

  test.each(['X-Forwarded-Uri', 'X-Original-URL', 'x-original-uri', 'X-Rewrite-URL'])(
    '%s is a URL',
    (name) => {
      expect(header(name, `/reset/a1b2c3/?token=${SECRET}&a=1`)).toBe('/reset/(hidden)/?token=(hidden)&a=1');
    },
  );

  test('the name of a user and its password in a URL', () => {
    expect(header('Location', `https://ann:${SECRET}@example.com/a?b=1`)).toBe(
      'https://ann:(hidden)@example.com/a?b=1',
    );
    expect(header('Location', `//ann:p@ss${SECRET}@example.com`)).toBe('//ann:(hidden)@example.com');
    expect(header('Referer', `https://${SECRET}@example.com/`)).toBe('https://(hidden)@example.com/');
    expect(header('X-Debug', `see ftp://ann:${SECRET}@example.com/`)).not.toContain('Zq9');
    expect(redaction.target(`/go?to=https%3A%2F%2Fann%3A${SECRET}%40example.com`)).not.toContain('Zq9');
    expect(plain(`git clone https://ann:${SECRET}@example.com/x.git`)).not.toContain('Zq9');
  });

  test('JSON in a header field', () => {
    expect(header('X-Debug', `{"password":"${SECRET}"}`)).toBe('{"password":"(hidden)"}');
  });

  test.each([
    'graphql-ws',
    'graphql-transport-ws',
    'vite-hmr',
    'mqtt',
    'json',
    'v1.json',
    'v4.channel.k8s.io',
    'v10.stomp, chat',
    'graphql-ws,json',
    'actioncable-v1-json, actioncable-unsupported',
  ])('the subprotocols %s stay', (value) => {
    expect(header('Sec-WebSocket-Protocol', value)).toBe(value);
  });

  test.each([
    [SECRET, '(hidden)'],
    [`json, ${SECRET}`, 'json, (hidden)'],
    ['bearer, opaque', 'bearer, (hidden)'],
    ['access_token,opaque', 'access_token,(hidden)'],
    ['a1b2c3', '(hidden)'],
    ['v1.s3cr3t', '(hidden)'],
    ['aBcDeFgH', '(hidden)'],
    ['base64url.bearer.authorization.k8s.io.c2VjcmV0', '(hidden)'],
  ])('of the subprotocols %s', (value, shown) => {
    expect(header('Sec-WebSocket-Protocol', value)).toBe(shown);
  });
});

describe('secrets in paths', () => {
  test.each([
    ['/a;token=x1', '/a;token=(hidden)'],
    ['/a;jsessionid=ABC/b', '/a;jsessionid=(hidden)/b'],
    ['/cart;v=1;sid=abc?x=1', '/cart;v=1;sid=(hidden)?x=1'],
    ['/verify/a1b2c3', '/verify/(hidden)'],
    ['/verify-email/a1b2c3/', '/verify-email/(hidden)/'],
    ['/auth/password/reset/MQ/a1b2c3', '/auth/password/reset/MQ/(hidden)'],
    ['/invitations/Ab12Cd34/accept', '/invitations/(hidden)/accept'],
    ['/activate/a1%62%32c3', '/activate/(hidden)'],
  ])('%s', (path, shown) => {
    expect(redaction.target(path)).toBe(shown);
  });

  test.each([
    '/auth/password/reset/confirm/',
    '/users/42/',
    '/verify-email/',
    '/verify-email/resend/',
    '/v2/users/a1b2c3/',
    '/api/v1/invitations/42/',
    '/reset/v2/step-2/',
    '/confirm/app-1a2b3c.js',
    '/a@b/c',
    '/a;v=1/b',
    '/@vite/client?t=1',
    '/search?q=password&page=2',
  ])('%s stays', (path) => {
    expect(redaction.target(path)).toBe(path);
  });
});

describe('what people need to read stays', () => {
  test.each([
    'code: token_not_valid',
    'Given token not valid for any token type',
    'Authentication credentials were not provided.',
    'CSRF Failed: CSRF token missing.',
    'CSRF Failed: Origin checking failed - https://example.com does not match any trusted origins.',
    'Unable to log in with provided credentials.',
    'Invalid password: this field may not be blank.',
    'token: invalid',
    'The two password fields didn’t match.',
    'Your password must contain at least 8 characters.',
    'https://auth.example.com:8443/realms/x',
    'auth.example.com:8443',
    'auth:8000',
    'ssh://git@example.com/a.git',
    'mail ann@example.com',
    'Enter the code "token_not_valid" here',
    'A secret of 12 characters',
  ])('%s', (text) => {
    expect(json({ detail: text }, { status: 400 })).toBe(JSON.stringify({ detail: text }));
    expect(plain(text)).toBe(text);
  });

  test('a GraphQL operation with variables', () => {
    const query =
      'mutation Login($user: String!, $password: String!) { login(user: $user, password: $password) { ok } }';
    expect(json({ query, variables: { user: 'ann', password: SECRET } })).toBe(
      JSON.stringify({ query, variables: { user: 'ann', password: '(hidden)' } }),
    );
    expect(json({ query: 'mutation { login(password: $ecret1) }' })).not.toContain('ecret1');
  });

  test.each([
    ['Idempotency-Key', 'a1b2c3'],
    ['X-Auth-Request-Email', 'ann@example.com'],
    ['X-Forwarded-Host', 'auth.example.com:8443'],
    ['X-Cache-Key', '/a'],
    ['Server-Timing', 'auth;dur=12.5, db;desc="the pool";dur=3'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ])('the header field %s', (name, value) => {
    expect(header(name, value)).toBe(value);
  });
});

describe('a sentence that may quote a password', () => {
  const quoting = (sentence: string): string => JSON.stringify({ password: [sentence] });
  const answer = (sentence: string): BodyText => ({
    mediaType: 'application/json',
    text: quoting(sentence),
    isCut: false,
    status: 400,
  });
  const request = (password: string): BodyText => ({
    mediaType: 'application/json',
    text: JSON.stringify({ password }),
    isCut: false,
    status: null,
  });

  test.each([
    'The password sunshine is too common.',
    'This password is too short: "abc".',
    'Hunter2 is no good password.',
  ])('goes where nobody knows what was sent: %s', (sentence) => {
    expect(redaction.body(answer(sentence))).toBe(quoting('(hidden)'));
  });

  test('stays where it says nothing but what errors say', () => {
    for (const sentence of [
      'This password is too short. It must contain at least 8 characters.',
      'The password is too similar to the username.',
      'Ensure this field has no more than 128 characters.',
    ])
      expect(redaction.body(answer(sentence))).toBe(quoting(sentence));
  });

  test('goes where it quotes what was sent, however short that is, and else stays', () => {
    const free = 'Nobody likes this one, think of another.';
    for (const password of ['sunshine', 'abc', 'Horse']) {
      const bodies = [request(password), answer(`The password ${password} is too common.`)];
      const knowing = createRedaction({ bodies, isRequestKnown: true });
      expect(knowing.body(answer(`The password ${password} is too common.`))).toBe(quoting('(hidden)'));
      expect(knowing.body(answer(free))).toBe(quoting(free));
    }
  });
});

describe('nested deeply', () => {
  test('a claim is cut off, with and without its secrets', () => {
    let deep: unknown = SECRET;
    for (let depth = 0; depth < 6_000; depth += 1) deep = depth % 2 === 0 ? { a: deep } : [deep];
    for (const each of [redaction, REVEALING]) {
      const shown = JSON.stringify(each.tokenPart({ sub: 'ann', deep }));
      expect(shown).toContain('"sub":"ann"');
      expect(shown).toContain('(too deep)');
    }
  });

  test('a body is read all the same', () => {
    const text = `${'{"a":['.repeat(30_000)}{"password":"${SECRET}"}${']}'.repeat(30_000)}`;
    const shown = json(text);
    expect(shown).toContain('{"password":"(hidden)"}');
    expect(shown.length).toBe(text.length + '(hidden)'.length - SECRET.length);
  });
});
