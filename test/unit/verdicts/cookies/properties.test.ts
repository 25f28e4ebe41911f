import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteString } from '../../../../src/verdicts/cookies/bytes.ts';
import { createCookieJar } from '../../../../src/verdicts/cookies/jar.ts';
import { judgeSetCookie } from '../../../../src/verdicts/cookies/judge-set-cookie.ts';
import { parseLine, parseSetCookie } from '../../../../src/verdicts/cookies/parse-set-cookie.ts';
import { fetched, NOW, typed } from './requests.ts';

const API = 'https://api.example.com/auth/';
const attribute = fc.constantFrom(
  'Path=/',
  'Path=/auth',
  'Path=x',
  'Domain=example.com',
  'Domain=..',
  'Domain=%',
  'Domain=[::1',
  'Domain=a@b',
  'Domain=münchen.example',
  'Max-Age=0',
  'Max-Age=9',
  'Expires=1 Jan 2030 00:00:00',
  'Secure',
  'HttpOnly',
  'SameSite=None',
  'SameSite=Lax',
  'Partitioned',
  'Priority=Low',
  '__proto__=1',
);
const plausible = fc
  .tuple(fc.constantFrom('a=1', 'a=2', 'b', '=c', '__Host-a=1', ''), fc.array(attribute, { maxLength: 6 }))
  .map(([pair, attributes]) => [pair, ...attributes].join('; '));
const line = fc.oneof(
  plausible,
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.uint8Array({ maxLength: 300 }),
  fc.tuple(plausible, fc.string({ unit: 'binary', maxLength: 20 })).map((parts) => parts.join('')),
);
const request = fc.constantFrom(
  typed(API),
  typed('http://api.example.com/'),
  typed('http://localhost:3000/x'),
  typed('https://[::1]/'),
  fetched('https://other.test', API),
  fetched('null', API),
  { ...typed(API), credentials: false },
);

describe('whatever a server sends', () => {
  it('is read and judged without an exception', () => {
    fc.assert(
      fc.property(line, request, (text, asked) => {
        parseSetCookie(text);
        const { verdict, reasons, cookie } = judgeSetCookie(text, asked, NOW);
        expect(reasons.length > 0).toBe(verdict === 'blocked');
        if (verdict === 'stored') expect(cookie).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });

  it('reads the same when what was read is written again', () => {
    fc.assert(
      fc.property(line, (text) => {
        const first = parseLine(byteString(text));
        if (!first.ok) return;
        const { name, value } = first.parsed;
        const again = parseLine(`${name}=${value}`);
        expect(again).toMatchObject({ ok: true, parsed: { name, value } });
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves a jar whose header is made of the cookies it lists', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(line, request), { maxLength: 12 }), (answers) => {
        const jar = createCookieJar({ thirdPartyCookies: 'allowed' });
        for (const [text, asked] of answers) {
          const [verdict] = jar.receive({ request: asked, setCookie: [text] }, NOW);
          if (verdict?.verdict === 'stored') expect(jar.all(NOW)).toContainEqual(verdict.cookie);
        }
        const { sent, notSent, cookieHeader } = jar.send(typed(API), NOW);
        const pairs = sent.map(({ name, value }) => (name === '' ? value : `${name}=${value}`));
        expect(cookieHeader).toBe(pairs.join('; '));
        expect(sent.length + notSent.length).toBeLessThanOrEqual(jar.all(NOW).length);
        expect(jar.send(typed(API), NOW).cookieHeader).toBe(cookieHeader);
      }),
      { numRuns: 300 },
    );
  });

  it('costs time in proportion to its length', () => {
    const blanks = `a=1${' '.repeat(200_000)}b; Path=/${'\t'.repeat(200_000)}x`;
    expect(parseSetCookie(blanks).ok).toBe(false);
  });
});
