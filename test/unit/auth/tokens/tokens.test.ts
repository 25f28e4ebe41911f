import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import jsonwebtoken from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { type SigningKey, secretKey } from '../../../../src/auth/signing-key.ts';
import { createTokens, TokenError } from '../../../../src/auth/tokens/tokens.ts';
import { authConfig, SECRET } from '../../../helpers/auth-api.ts';
import { claimsFor, mint } from '../../../helpers/auth-tokens.ts';

function tokensWith(key: SigningKey = secretKey(SECRET), lenient = false, clock = () => new Date()) {
  return createTokens({ config: authConfig().tokens, key, clock, randomBytes, lenient });
}

function rsaKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { algorithm: 'RS256', sign: privateKey, verify: publicKey, id: 'k1' };
}

function refusal(work: () => unknown): string {
  try {
    work();
    return 'accepted';
  } catch (error) {
    if (error instanceof TokenError) return error.message;
    throw error;
  }
}

describe('tokens', () => {
  it('carry the user id as text, their type, times and an id of 32 hex digits', () => {
    const tokens = tokensWith(undefined, false, () => new Date(1_800_000_000_900));
    const refresh = tokens.newRefresh(7, { plan: 'pro' });
    expect(refresh).toEqual({
      token_type: 'refresh',
      iat: 1_800_000_000,
      exp: 1_800_086_400,
      jti: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      user_id: '7',
      plan: 'pro',
    });
    const access = tokens.verify(tokens.accessFor(refresh), 'access');
    expect(access).toMatchObject({ token_type: 'access', exp: 1_800_000_300, user_id: '7', plan: 'pro' });
    expect(access['jti']).not.toBe(refresh['jti']);
  });

  it('let extra claims replace nothing of their own', () => {
    const refresh = tokensWith().newRefresh(7, { user_id: '1', token_type: 'access', exp: 0, jti: 'x' });
    expect(refresh).toMatchObject({ user_id: '7', token_type: 'refresh' });
    expect(refresh['jti']).not.toBe('x');
  });

  it('are valid for other implementations', () => {
    const token = tokensWith().sign(claimsFor('access'));
    expect(jsonwebtoken.verify(token, SECRET, { algorithms: ['HS256'] })).toMatchObject({ user_id: '1' });
    expect(jsonwebtoken.decode(token, { complete: true })?.header).toEqual({ alg: 'HS256', typ: 'JWT' });
  });

  it('with a member that stands twice are refused, whoever signed them, and however often they are nested', () => {
    const claims = JSON.stringify(claimsFor('access'));
    const signed = (payload: string, header = '{"alg":"HS256","typ":"JWT"}'): string => {
      const text = [header, payload].map((part) => Buffer.from(part).toString('base64url')).join('.');
      return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
    };
    for (const lenient of [false, true]) {
      const verify = (token: string) => refusal(() => tokensWith(undefined, lenient).verify(token, 'access'));
      expect(verify(signed(claims))).toBe('accepted');
      expect(verify(signed(claims.replaceAll(',', ' , ')))).toBe('accepted');
      expect(verify(signed(claims.replace('{', '{"user_id":"2",')))).toBe('Token is invalid');
      expect(verify(signed(claims.replace('{', '{"user\\u005fid":"2",')))).toBe('Token is invalid');
      expect(verify(signed(claims.replace('{', '{"x":{"a":1,"a":1},')))).toBe('Token is invalid');
      expect(verify(signed(claims, '{"alg":"HS256","alg":"HS256","typ":"JWT"}'))).toBe('Token is invalid');
    }
  });

  it('end when the clock says so', () => {
    const time = { now: Date.now() };
    const tokens = tokensWith(undefined, false, () => new Date(time.now));
    const token = tokens.accessFor(tokens.newRefresh(1));
    time.now += 299_000;
    expect(refusal(() => tokens.verify(token, 'access'))).toBe('accepted');
    time.now += 2000;
    expect(refusal(() => tokens.verify(token, 'access'))).toBe('Token is expired');
    time.now -= 600_000;
    expect(refusal(() => tokens.verify(token, 'access'))).toBe('Token is invalid');
  });

  it('copy odd custom claims without failing', () => {
    const tokens = tokensWith();
    const odd = JSON.parse('{"__proto__": {"x": 1}, "nbf": "5", "aud": 7, "sub": "s"}') as object;
    const access = tokens.verify(tokens.accessFor({ ...claimsFor('refresh'), ...odd }), 'access');
    expect(access).toMatchObject({ nbf: '5', aud: 7, sub: 's' });
  });
});

describe('a token that somebody tampered with', () => {
  const good = mint(claimsFor('access'));
  const [header = '', payload = '', signature = ''] = good.split('.');
  const rsa = rsaKey();
  const publicPem = rsa.verify.export({ format: 'pem', type: 'spki' }).toString();
  const publicJwk = rsa.verify.export({ format: 'jwk' });
  const attacker = 'a key of the attacker, long enough to be one';

  it('is accepted as long as nobody did', () => {
    expect(refusal(() => tokensWith().verify(good, 'access'))).toBe('accepted');
  });

  it.each([
    ['alg none, no signature', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`],
    [
      'alg none, old signature',
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.${signature}`,
    ],
    ['alg NonE', mint(claimsFor('access'), { header: { alg: 'NonE' } })],
    [
      'another HMAC with the right key',
      mint(claimsFor('access'), { header: { alg: 'HS512' }, hash: 'sha512' }),
    ],
    ['no alg', mint(claimsFor('access'), { header: { typ: 'JWT' } })],
    ['alg in other case', mint(claimsFor('access'), { header: { alg: 'hs256' } })],
    ['alg as a list', mint(claimsFor('access'), { header: { alg: ['HS256'] } })],
    ['another key', mint(claimsFor('access'), { key: attacker })],
    ['an empty key', mint(claimsFor('access'), { key: '' })],
    [
      'its own key embedded (jwk)',
      mint(claimsFor('access'), {
        key: attacker,
        header: { alg: 'HS256', jwk: { kty: 'oct', k: Buffer.from(attacker).toString('base64url') } },
      }),
    ],
    [
      'a key to fetch (jku)',
      mint(claimsFor('access'), {
        key: attacker,
        header: { alg: 'HS256', jku: 'https://evil.example/keys' },
      }),
    ],
    [
      'a certificate to fetch (x5u)',
      mint(claimsFor('access'), {
        key: attacker,
        header: { alg: 'HS256', x5u: 'https://evil.example/cert' },
      }),
    ],
    ['a file as key id', mint(claimsFor('access'), { key: '', header: { alg: 'HS256', kid: '/dev/null' } })],
    ['a key id that is no text', mint(claimsFor('access'), { header: { alg: 'HS256', kid: 5 } })],
    ['a critical extension', mint(claimsFor('access'), { header: { alg: 'HS256', crit: ['exp'] } })],
    [
      'an unencoded payload (b64)',
      mint(claimsFor('access'), { header: { alg: 'HS256', b64: false, crit: ['b64'] } }),
    ],
    ['another typ', mint(claimsFor('access'), { header: { alg: 'HS256', typ: 'at+jwt' } })],
    [
      'a changed payload',
      `${header}.${Buffer.from(JSON.stringify(claimsFor('access', { user_id: '2' }))).toString('base64url')}.${signature}`,
    ],
    ['no signature', `${header}.${payload}.`],
    ['two segments', `${header}.${payload}`],
    ['four segments', `${good}.x`],
    ['padding', `${good}=`],
    ['white space', ` ${good}`],
    ['the other base64 alphabet', `${header}.${payload}.${signature.replace(/[A-Za-z]/, '+')}`],
    ['stray bits at the end', `${header}.${payload}.${signature.slice(0, -1)}${strayBits(signature)}`],
    ['a list as payload', mint('[]')],
    ['null as payload', mint('null')],
    ['no JSON as payload', mint('{')],
    ['a header that is no object', mint(claimsFor('access'), { header: 'null' })],
    ['a byte order mark', mint(`\ufeff${JSON.stringify(claimsFor('access'))}`)],
    ['too much of it', mint(claimsFor('access', { pad: 'x'.repeat(100_000) }))],
    ['nothing', ''],
    ['three empty segments', '..'],
  ])('is invalid: %s', (_, token) => {
    expect(refusal(() => tokensWith().verify(token, 'access'))).toBe('Token is invalid');
  });

  it('does not get through with the public key as a secret (key confusion)', () => {
    const tokens = tokensWith(rsa);
    expect(refusal(() => tokens.verify(tokens.sign(claimsFor('access')), 'access'))).toBe('accepted');
    for (const key of [publicPem, publicPem.trim(), publicJwk.n ?? '']) {
      expect(refusal(() => tokens.verify(mint(claimsFor('access'), { key }), 'access'))).toBe(
        'Token is invalid',
      );
    }
  });

  it('is invalid after any change of any character', () => {
    const tokens = tokensWith();
    const characters = 'ABCXYZabcxyz019-_.=+/ '.split('');
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(...characters), (at, character) => {
        const changed = good.slice(0, at) + character + good.slice(at + 1);
        fc.pre(changed !== good);
        expect(refusal(() => tokens.verify(changed, 'access'))).toBe('Token is invalid');
      }),
      { numRuns: 500 },
    );
  });

  it('never causes another error, whatever it is', () => {
    const tokens = tokensWith();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((text) => mint(text)),
          fc.json().map((text) => mint({}, { header: text })),
        ),
        (text) => {
          expect(refusal(() => tokens.verify(text, 'access'))).toMatch(/^Token /);
        },
      ),
    );
  });
});

describe('lenient verification, as PyJWT does it', () => {
  it('takes correct padding of the signature and any typ', () => {
    const tokens = tokensWith(undefined, true);
    expect(refusal(() => tokens.verify(`${mint(claimsFor('access'))}=`, 'access'))).toBe('accepted');
    expect(refusal(() => tokens.verify(`${mint(claimsFor('access'))}==`, 'access'))).toBe('Token is invalid');
    const other = mint(claimsFor('access'), { header: { alg: 'HS256', typ: 'foo' } });
    expect(refusal(() => tokens.verify(other, 'access'))).toBe('accepted');
  });
});

/** The last character with another value in the two bits that 32 bytes leave over. */
function strayBits(signature: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet.charAt(alphabet.indexOf(signature.slice(-1)) ^ 1);
}
