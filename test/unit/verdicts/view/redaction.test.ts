import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeaderPairs } from '../../../../src/verdicts/header-pairs.ts';
import { type BodyText, createRedaction } from '../../../../src/verdicts/view/redaction.ts';
import { escaped, expectHidden, name, percent, secret } from './planted-secrets.ts';

const redaction = createRedaction();

function json(text: string, changes: Partial<BodyText> = {}): string {
  return redaction.body({ mediaType: 'application/json', text, isCut: false, status: null, ...changes });
}
function tokenOf(claims: object, signature = 'c2lnbmF0dXJl'): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${signature}`;
}

describe('what is hidden, and what stays', () => {
  test('a login: the password, not the user', () => {
    expect(json('{"username": "alice", "password": "hunter2"}')).toBe(
      '{"username": "alice", "password": "(hidden)"}',
    );
  });

  test('a token says when it ends', () => {
    const token = tokenOf({ exp: 1_800_000_000 });
    expect(json(JSON.stringify({ access: token, user: { pk: 1 } }))).toBe(
      '{"access":"(token, expires 2027-01-15T08:00:00Z)","user":{"pk":1}}',
    );
    expect(redaction.headers([['authorization', `Bearer ${token}`]])).toEqual([
      ['authorization', 'Bearer (token, expires 2027-01-15T08:00:00Z)'],
    ]);
  });

  test('numbers, order and white space of JSON stay as they are written', () => {
    const text = '{ "id": 12345678901234567890,\n  "b": 1.50, "a": [true, null, "\\u0041"] }';
    expect(json(text)).toBe(text);
  });

  test("a backend's words about a password field stay, a value there does not", () => {
    const errors = '{"password1":["This password is too common."],"password2":["hunter2"]}';
    expect(json(errors, { status: 400 })).toBe(
      '{"password1":["This password is too common."],"password2":["(hidden)"]}',
    );
    expect(json('{"detail":"No.","code":"token_not_valid"}')).toBe(
      '{"detail":"No.","code":"token_not_valid"}',
    );
    expect(json('{"code":"482913"}')).toBe('{"code":"(hidden)"}');
  });

  test('what is below a telling name goes whatever it is called', () => {
    expect(json('{"tokens":{"a":["x1",2,{"b":"y"}],"ok":true}}')).toBe(
      '{"tokens":{"a":["(hidden)","(hidden)",{"b":"(hidden)"}],"ok":true}}',
    );
  });

  test('which kind of token it is stays, in an error as in the token', () => {
    const error =
      '{"code":"token_not_valid","messages":[{"token_class":"AccessToken","token_type":"access"}]}';
    expect(json(error, { status: 401 })).toBe(error);
    expect(json('{"token_type":"bearer","token_type_id_token":"abcdefghi"}')).toBe(
      '{"token_type":"bearer","token_type_id_token":"(hidden)"}',
    );
  });

  test('claims stay, whoever issued the token', () => {
    const claims = {
      iss: 'https://id.example.com',
      sub: '8f14e45f',
      aud: ['https://api.example.com', 'web'],
      exp: 1_800_000_000,
      nbf: 1_700_000_000,
      iat: 1_700_000_000,
      jti: '6f1c2b8e9d344c0fa0e7d2b61c5a9f10',
      token_type: 'refresh',
      token_use: 'access',
      user_id: 1,
      username: 'alice',
      email: 'alice@example.com',
      email_verified: true,
      name: 'Alice Liddell',
      preferred_username: 'alice',
      auth_time: 1_700_000_000,
      auth: 'ROLE_USER',
      nonce: 'n-0S6_WzA2Mj',
      azp: 'web',
      client_id: 'web',
      scope: 'openid token.read',
      sid: '08a5019c-17e1-4977-8f42-65a12843ea02',
      session_state: '08a5019c-17e1-4977-8f42-65a12843ea02',
      uid: 'u-1001-alice',
      at_hash: 'MTIzNDU2Nzg5MDEyMzQ1Ng',
      acr: '1',
      amr: ['pwd', 'otp'],
      roles: ['admin'],
      'cognito:groups': ['staff'],
      'https://hasura.io/jwt/claims': { 'x-hasura-role': 'user' },
      access: [{ type: 'repository', name: 'samalba/my-app', actions: ['pull'] }],
    };
    expect(redaction.tokenPart(claims)).toEqual(claims);
    const header = { alg: 'RS256', typ: 'at+jwt', kid: 'key-1', jku: 'https://id.example.com/keys' };
    expect(redaction.tokenPart(header)).toEqual(header);
  });

  test('a claim that is a secret goes: by its name, by its shape, or as it stood elsewhere', () => {
    const inner = tokenOf({ exp: 1_800_000_000 });
    expect(
      redaction.tokenPart({
        hash_password: 'abc',
        csrf: 'd-e-f',
        client_secret: 's',
        sub: inner,
        uid: inner,
      }),
    ).toEqual({
      hash_password: '(hidden)',
      csrf: '(hidden)',
      client_secret: '(hidden)',
      sub: '(token, expires 2027-01-15T08:00:00Z)',
      uid: '(token, expires 2027-01-15T08:00:00Z)',
    });
    const knowing = createRedaction({ headers: [[['cookie', 'sessionid=abcdefgh12']]] });
    expect(knowing.tokenPart({ sid: 'abcdefgh12' })).toEqual({ sid: '(hidden)' });
  });

  test('JSON that is cut stays JSON, up to its last whole value', () => {
    const whole = '{"list":[{"password":"hunter2","name":"a"},{"password":"secret, and [more","name":"b"}]}';
    for (let length = 1; length < whole.length; length += 1) {
      const shown = json(whole.slice(0, length), { isCut: true });
      expect(() => JSON.parse(shown) as unknown, shown).not.toThrow();
      expect(shown).not.toMatch(/hunter|more/);
    }
  });

  test('what says it is JSON and is none is not shown', () => {
    expect(json("{password: 'hunter2'}")).toBe('"(hidden: it is no valid JSON)"');
  });

  test('cookies keep their names, attributes and emptiness', () => {
    expect(
      redaction.headers([
        ['Cookie', 'a=1; theme=dark; gone=; "x'],
        ['Set-Cookie', 'sessionid=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60'],
        ['Set-Cookie', 'sessionid=""; Max-Age=0'],
        ['Set-Cookie', 'a="x; y"; Path=/'],
      ]),
    ).toEqual([
      ['Cookie', 'a=(hidden); theme=(hidden); gone=; (hidden)'],
      ['Set-Cookie', 'sessionid=(hidden); Path=/; HttpOnly; SameSite=Lax; Max-Age=60'],
      ['Set-Cookie', 'sessionid=""; Max-Age=0'],
      ['Set-Cookie', 'a=(hidden); (hidden); Path=/'],
    ]);
  });

  test('headers of protocols are no secrets', () => {
    const headers: HeaderPairs = [
      ['access-control-allow-credentials', 'true'],
      ['access-control-allow-headers', 'authorization, x-csrftoken'],
      ['vary', 'Cookie, Authorization'],
      ['www-authenticate', 'Bearer realm="api"'],
      ['content-security-policy', "default-src 'self'"],
      ['etag', 'W/"abc"'],
    ];
    expect(redaction.headers(headers)).toEqual(headers);
  });

  test('links of mails lose their keys, other paths stay', () => {
    const reset = '/password-reset/confirm/MQ/c1x2y3-0123456789abcdef0123456789abcdef/';
    expect(redaction.target(reset)).toBe('/password-reset/confirm/(hidden)/(hidden)/');
    expect(redaction.target('/account-confirm-email/MQ:1uAbCd:abcdefghijklmnopqrstuvwxyz0/')).toBe(
      '/account-confirm-email/(hidden)/',
    );
    expect(redaction.target('/cb?code=a%20b&state=x&next=%2Fa%3Ftoken%3Dabc')).toBe(
      '/cb?code=(hidden)&state=x&next=/a?token=(hidden)',
    );
    const plain = '/node_modules/.vite/deps/a-very-long-file-name-of-a-library-with-words.js?v=1a2b3c4d';
    expect(redaction.target(plain)).toBe(plain);
  });

  test('HTML: the value of a hidden field', () => {
    const text = '<input type="hidden" name="csrfmiddlewaretoken" value="abc123"><input name=q value=1>';
    expect(redaction.body({ mediaType: 'text/html', text, isCut: false, status: 200 })).toBe(
      '<input type="hidden" name="csrfmiddlewaretoken" value="(hidden)"><input name=q value=1>',
    );
  });

  test('what stood in a secret place is hidden wherever else it stands', () => {
    const seen = createRedaction({ headers: [[['cookie', 'theme=opaque-value-1']]] });
    expect(
      seen.body({ mediaType: 'text/plain', text: 'You sent opaque-value-1.', isCut: false, status: 200 }),
    ).toBe('You sent (hidden).');
  });
});

describe('no planted secret comes through', () => {
  test('in JSON: at any depth, with escapes, in lists, in strings that are JSON', () => {
    const wrap = fc.array(fc.constantFrom('object', 'list', 'string', 'prose', 'beside'), { maxLength: 6 });
    fc.assert(
      fc.property(secret, name, wrap, fc.boolean(), fc.nat(3), (planted, field, wraps, escapes, kind) => {
        const text = escapes ? escaped(planted) : planted;
        const value = [`"${text}"`, `["${text}"]`, `{"deep":{"x":"${text}"}}`, `[[{"a":["${text}"]}]]`][kind];
        const key = escapes && !field.includes('[') ? escaped(field) : field;
        let body = `{"first":1,"${key}":${value},"last":"x"}`;
        for (const how of wraps) {
          if (how === 'prose') body = JSON.stringify({ log: `ann sent ${body} today` });
          else if (how === 'object') body = `{"inner": ${body}}`;
          else if (how === 'list') body = `[1, ${body}]`;
          else if (how === 'beside') body = `{"a":"b","inner":${body},"c":[]}`;
          else body = JSON.stringify({ log: body });
        }
        const shown = json(body);
        JSON.parse(shown);
        expectHidden(shown, planted);
      }),
      { numRuns: 300 },
    );
  });

  test('in strings of JSON that are GraphQL, prose or URLs, and beside their names', () => {
    const shapes: readonly ((field: string, text: string) => unknown)[] = [
      (field, text) => ({ query: `mutation { login(user: "ann", ${field}: "${text}") { ok } }` }),
      (field, text) => ({ query: `{ login(${field}: """a "b" ${text}""", user: "ann") { ok } }` }),
      (field, text) => ({ detail: `your ${field}: ${text}` }),
      (_, text) => ({ detail: `Your password is ${text}.` }),
      (_, text) => ({ detail: [`the token '${text}' is none`] }),
      (field, text) => ({ log: `body {\\"${field}\\":\\"a\\\\\\"b ${text}\\"}` }),
      (field, text) => ({ name: field, value: text }),
      (field, text) => ({ value: { deep: [text] }, a: {}, key: field }),
      (field, text) => ({ loc: ['body', field], input: text }),
      (_, text) => ({ url: `amqp://ann:${text}@127.0.0.1/` }),
      (_, text) => ({ pw: text, db_pass: [text] }),
    ];
    const plain = name.filter((text) => !text.includes('['));
    fc.assert(
      fc.property(secret, plain, fc.constantFrom(...shapes), fc.nat(2), (planted, field, shape, depth) => {
        let body = JSON.stringify(shape(field, planted));
        for (let at = 0; at < depth; at += 1) body = JSON.stringify({ log: body });
        const shown = json(body);
        JSON.parse(shown);
        expectHidden(shown, planted);
      }),
      { numRuns: 300 },
    );
  });

  test('in paths, behind words and as parameters', () => {
    const words = ['verify', 'verify-email', 'confirm', 'reset', 'activate', 'invitations', 'magic-link'];
    fc.assert(
      fc.property(secret, fc.constantFrom(...words), fc.boolean(), (planted, word, codes) => {
        const text = codes ? percent(planted) : planted;
        expectHidden(redaction.target(`/${word}/${text}`), planted);
        expectHidden(redaction.target(`/a/${word}/b/${text}/?x=1`), planted);
        expectHidden(redaction.target(`/a;token=${text}/b`), planted);
      }),
    );
  });

  test('in forms and queries: encoded, repeated, in values that hold URLs', () => {
    fc.assert(
      fc.property(
        secret,
        name,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (planted, field, codes, codesName, nests) => {
          const pair = `${codesName ? percent(field) : encodeURIComponent(field)}=${codes ? percent(planted) : planted}`;
          const form = nests
            ? `a=1&next=${encodeURIComponent(`https://example.com/?b=2&${pair}`)}`
            : `a=1&${pair}&b=2`;
          const body = {
            mediaType: 'application/x-www-form-urlencoded',
            text: form,
            isCut: false,
            status: null,
          };
          expectHidden(redaction.body(body), planted);
          expectHidden(redaction.target(`/path?${form}`), planted);
          expectHidden(
            redaction.headers([['Location', `https://example.com/x?${form}`]])[0]?.[1] ?? '',
            planted,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('in header fields, whatever their case', () => {
    const shapes: readonly (readonly [name: string, value: (secret: string) => string])[] = [
      ['Cookie', (text) => `a=${text}; b=${text}`],
      ['Cookie', (text) => text],
      ['Set-Cookie', (text) => `a=${text}; Path=/; HttpOnly`],
      ['Set-Cookie', (text) => `a="${text};${text}"; Path=/`],
      ['Authorization', (text) => `Bearer ${text}`],
      ['Authorization', (text) => `Basic ${text}`],
      ['Authorization', (text) => text],
      ['Proxy-Authorization', (text) => `Digest username="a", response="${text}"`],
      ['X-CSRFToken', (text) => text],
      ['X-XSRF-TOKEN', (text) => text],
      ['X-Api-Key', (text) => text],
      ['X-Auth-Token', (text) => text],
      ['Referer', (text) => `https://example.com/?token=${text}`],
      ['Sec-WebSocket-Protocol', (text) => `json, ${text}, v1.json`],
      ['Sec-WebSocket-Protocol', (text) => text],
      ['X-Auth', (text) => text],
      ['X-Session', (text) => text],
      ['X-User-Pass', (text) => text],
      ['X-Forwarded-Uri', (text) => `/a;token=${text}?b=1`],
      ['X-Original-URL', (text) => `/verify/${text}/?key=${text}`],
      ['X-Debug', (text) => `{"a":1,"password":"${text}"}`],
      ['Location', (text) => `https://ann:${text}@example.com/`],
      ['Link', (text) => `<https://example.com/?access_token=${text}>; rel=next`],
    ];
    fc.assert(
      fc.property(secret, fc.constantFrom(...shapes), fc.boolean(), (planted, [field, value], upper) => {
        const shown = redaction.headers([
          [upper ? field.toUpperCase() : field.toLowerCase(), value(planted)],
        ]);
        expectHidden(shown[0]?.[1] ?? '', planted);
      }),
      { numRuns: 300 },
    );
  });

  test('as a signature of a token, anywhere', () => {
    const places: readonly ((token: string) => string)[] = [
      (token) => redaction.target(`/verify/${token}/next`),
      (token) => redaction.target(`/verify/${token.replaceAll('.', '%2E')}`),
      (token) => redaction.headers([['x-anything', `a,${token};b`]])[0]?.[1] ?? '',
      (token) => json(JSON.stringify({ [token]: [`x${token}y`] })),
      (token) =>
        redaction.body({ mediaType: 'text/plain', text: `log: ${token}\n`, isCut: false, status: 200 }),
      (token) =>
        redaction.body({ mediaType: 'text/html', text: `<p>${token}</p>`, isCut: true, status: 200 }),
      (token) => redaction.text(token),
      (token) => JSON.stringify(redaction.tokenPart({ note: token })),
    ];
    fc.assert(
      fc.property(secret, fc.constantFrom(...places), (planted, place) => {
        expectHidden(
          place(tokenOf({ exp: 1_800_000_000 }, planted.replaceAll('~', '-'))),
          planted.replaceAll('~', '-'),
        );
      }),
      { numRuns: 200 },
    );
  });

  test('in text: pairs, labels, elements', () => {
    const shapes: readonly ((field: string, text: string) => string)[] = [
      (field, text) => `${field}=${text}`,
      (field, text) => `x ${field}="${text}" y`,
      (field, text) => `${field}: ${text}\nnext: 1`,
      (field, text) => `note: the ${field}: ${text}`,
      (field, text) => `{'${field}': '${text}'}`,
      (field, text) => `"${field}" : "${text}`,
      (field, text) => `<${field}>${text}</${field}>`,
      (field, text) => `<a><${field} b="c"><![CDATA[${text}]]></${field}></a>`,
      (field, text) => `<input name="${field}" title="a>b" value="x>${text}">`,
      (field, text) => `<input value='${text}' name="${field}">`,
      (field, text) => `<meta content="${text}" name=${field}>`,
    ];
    const plain = name.filter((text) => !text.includes('['));
    fc.assert(
      fc.property(secret, plain, fc.constantFrom(...shapes), (planted, field, shape) => {
        const text = `Before.\n${shape(field, planted)}\nAfter.`;
        const shown = redaction.body({ mediaType: 'text/plain', text, isCut: false, status: 200 });
        expectHidden(shown, planted);
        expect(shown).toContain('Before.');
      }),
      { numRuns: 300 },
    );
  });

  test('any text whatever is taken without an error, and JSON stays JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.json(), (text, valid) => {
        for (const mediaType of ['text/plain', 'application/x-www-form-urlencoded', 'application/json']) {
          redaction.body({ mediaType, text, isCut: true, status: 400 });
        }
        redaction.target(text);
        redaction.headers([
          ['cookie', text],
          ['set-cookie', text],
          ['authorization', text],
          ['x', text],
        ]);
        JSON.parse(json(valid));
      }),
    );
  });
});
