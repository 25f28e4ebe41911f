import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countHops,
  forClient,
  forUpstream,
  HOPS_HEADER,
  headerOf,
  headersOf,
  toHeaderObject,
  trailersFor,
  withheldFrom,
} from '../../../src/proxy/headers.ts';

const facts = { authority: 'example.com:8443', clientAddress: '127.0.0.1', port: 8443, hops: 0 };

const token = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,20}$/);
const value = fc.stringMatching(/^[\x21-\x7e\x80-\xff]([\x20-\x7e\x80-\xff]{0,30}[\x21-\x7e\x80-\xff])?$/);
const special = fc.constantFrom(
  'Connection',
  'Keep-Alive',
  'Transfer-Encoding',
  'TE',
  'Upgrade',
  'Proxy-Connection',
  'X-Forwarded-For',
  'Forwarded',
  'Cookie',
  'Set-Cookie',
  'Host',
  'Content-Length',
  'Origin',
);
const headerList = fc
  .array(fc.tuple(fc.oneof(token, special), fc.oneof(value, token)), { maxLength: 20 })
  .map((fields) => fields.flat());

function namesOf(headers: readonly string[]): string[] {
  return headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
}

describe('forUpstream', () => {
  test('keeps what is end to end: order, letter case and repeated fields', () => {
    const sent = ['Accept', 'a', 'X-B', '1', 'x-b', '2', 'Origin', 'https://example.com'];
    expect(forUpstream(sent, facts).slice(2, 10)).toEqual(sent);
  });

  test('says once which host was asked for', () => {
    expect(headersOf(forUpstream(['Host', 'a', ':authority', 'b', 'host', 'c'], facts), 'host')).toEqual([
      'example.com:8443',
    ]);
  });

  test('leaves out what belongs to the connection, and what Connection names', () => {
    const sent = [
      'Connection',
      'close, X-Mine',
      'X-Mine',
      '1',
      'Keep-Alive',
      '5',
      'Upgrade',
      'x',
      'TE',
      'gzip',
    ];
    const kept = namesOf(forUpstream([...sent, 'X-Other', '1'], facts));
    expect(kept).toContain('x-other');
    for (const name of ['connection', 'x-mine', 'keep-alive', 'upgrade', 'te'])
      expect(kept).not.toContain(name);
  });

  test('keeps of TE only that trailers are welcome', () => {
    expect(headersOf(forUpstream(['TE', 'gzip;q=1, Trailers'], facts), 'te')).toEqual(['trailers']);
  });

  test('a client cannot have framing, credentials or our own fields taken away', () => {
    const sent = ['Connection', 'content-length, cookie, authorization, origin, x-forwarded-for, host'];
    const rest = ['Content-Length', '3', 'Cookie', 'a=1', 'Authorization', 'b', 'Origin', 'c'];
    expect(namesOf(forUpstream([...sent, ...rest], facts))).toEqual(
      expect.arrayContaining([
        'host',
        'content-length',
        'cookie',
        'authorization',
        'origin',
        'x-forwarded-for',
      ]),
    );
  });

  test.each([
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Prefix',
    'X-Forwarded-Ssl',
    'X-Forwarded-Scheme',
    'X-Forwarded-Protocol',
    'X-Forwarded-User',
    'X-Forwarded',
    'X-Real-IP',
    'X-Client-IP',
    'True-Client-IP',
    'CF-Connecting-IP',
    'X-Original-Host',
    'X-Original-URL',
    'X-Rewrite-URL',
    'Front-End-Https',
    'X-Url-Scheme',
    'Script-Name',
    'X_Forwarded_Prefix',
    'x_original_url',
    'X-Sendfile-Type',
  ])('does not believe %s of a client', (name) => {
    const kept = forUpstream([name, 'claimed'], facts);
    expect(kept).not.toContain('claimed');
  });

  test.each([
    'X-Requested-With',
    'X-CSRFToken',
    'X-Original',
    'User-Agent',
    'X-Client-Id',
    'my_field',
    'Via',
  ])('leaves %s, which is no claim about the way', (name) => {
    expect(forUpstream([name, 'said'], facts)).toEqual(expect.arrayContaining([name, 'said']));
  });

  test('joins cookies with a semicolon, where the first stood', () => {
    const kept = forUpstream(['cookie', 'a=1', 'x', '1', 'cookie', 'b=2', 'Cookie', 'c=3'], facts);
    expect(kept.slice(2, 6)).toEqual(['cookie', 'a=1; b=2; c=3', 'x', '1']);
  });

  test('writes an IPv6 client as RFC 7239 wants it', () => {
    const kept = forUpstream([], { ...facts, clientAddress: '::1' });
    expect(headerOf(kept, 'forwarded')).toBe('for="[::1]";host="example.com:8443";proto=https');
    expect(headerOf(kept, 'x-forwarded-for')).toBe('::1');
  });

  test('counts the hop', () => {
    expect(countHops(forUpstream([HOPS_HEADER, '99'], { ...facts, hops: 2 }))).toBe(3);
  });

  test('of any input: pairs, one host, our own word on forwarding, nothing of the connection', () => {
    fc.assert(
      fc.property(headerList, (sent) => {
        const kept = forUpstream(sent, facts);
        expect(kept.length % 2).toBe(0);
        expect(headersOf(kept, 'host')).toEqual(['example.com:8443']);
        expect(headersOf(kept, 'x-forwarded-for')).toEqual(['127.0.0.1']);
        expect(headersOf(kept, 'forwarded')).toHaveLength(1);
        expect(headersOf(kept, 'cookie').length).toBeLessThanOrEqual(1);
        for (const name of ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-connection']) {
          expect(headersOf(kept, name)).toEqual([]);
        }
        expect(headersOf(kept, 'origin')).toEqual(headersOf(sent, 'origin'));
        expect(headerOf(kept, 'cookie')).toEqual(
          headersOf(sent, 'cookie').length === 0 ? undefined : headersOf(sent, 'cookie').join('; '),
        );
      }),
    );
  });
});

describe('forClient', () => {
  test('keeps every Set-Cookie apart and in its bytes', () => {
    const sent = ['Set-Cookie', 'a=1; Path=/', 'X', '1', 'set-cookie', 'b="\xe9, 2"', 'Set-Cookie', ''];
    expect(forClient(sent)).toEqual(sent);
  });

  test('leaves out what belongs to the connection, and what Connection names', () => {
    const sent = [
      'Connection',
      'X-Mine, set-cookie',
      'X-Mine',
      '1',
      'Transfer-Encoding',
      'chunked',
      'Set-Cookie',
      'a',
    ];
    expect(forClient(sent)).toEqual(['Set-Cookie', 'a']);
  });

  test('keeps HSTS from the client, and says so', () => {
    const sent = ['Strict-Transport-Security', 'max-age=1', 'X', '1'];
    expect(forClient(sent)).toEqual(['X', '1']);
    expect(withheldFrom(sent)).toEqual(['strict-transport-security', 'max-age=1']);
  });

  test('of any input: the rest stays in order', () => {
    fc.assert(
      fc.property(headerList, (sent) => {
        const kept = forClient(sent);
        expect(headersOf(kept, 'set-cookie')).toEqual(headersOf(sent, 'set-cookie'));
        expect(headersOf(kept, 'transfer-encoding')).toEqual([]);
        const pairs = sent.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${sent[at + 1]}`] : []));
        const keptPairs = kept.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${kept[at + 1]}`] : []));
        let from = 0;
        for (const pair of keptPairs) {
          const found = pairs.indexOf(pair, from);
          expect(found).toBeGreaterThanOrEqual(from);
          from = found + 1;
        }
      }),
    );
  });
});

test('A trailer section keeps what may stand there: nothing that frames, routes or authenticates', () => {
  const sent = ['X-Checksum', 'a', 'Server-Timing', 'b', 'x-checksum', 'c'];
  const not = ['Content-Length', '1', 'Host', 'x', 'Cookie', 'x', 'Authorization', 'x', 'Connection', 'x'];
  const nor = ['Transfer-Encoding', 'chunked', 'X-Forwarded-For', 'x', ':status', '200', 'Set-Cookie', 'x'];
  expect(trailersFor([...sent.slice(0, 2), ...not, ...sent.slice(2), ...nor])).toEqual([
    'x-checksum',
    'a',
    'server-timing',
    'b',
    'x-checksum',
    'c',
  ]);
});

describe('toHeaderObject', () => {
  test('joins repeated fields, but never Set-Cookie', () => {
    expect({ ...toHeaderObject(['Vary', 'a', 'vary', 'b', 'Set-Cookie', 'x', 'set-cookie', 'y']) }).toEqual({
      vary: 'a, b',
      'set-cookie': ['x', 'y'],
    });
  });

  test('takes a field of any name, also one that objects already have', () => {
    expect(Object.keys(toHeaderObject(['__proto__', 'a', 'Constructor', 'b']))).toEqual([
      '__proto__',
      'constructor',
    ]);
  });
});

test.each([
  ['3', 3],
  ['0', 0],
  ['-1', 0],
  ['x', 0],
  ['1.5', 0],
  ['1e400', 0],
])('a hop count of %s is %i', (text, count) => {
  expect(countHops([HOPS_HEADER.toUpperCase(), text])).toBe(count);
});
