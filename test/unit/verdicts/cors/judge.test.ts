import { describe, expect, it } from 'vitest';
import { checkResourcePolicy } from '../../../../src/verdicts/cors/resource-policy.ts';
import type { FetchInit, FetchPage, HttpAnswer, JudgeSettings } from '../../../../src/verdicts/cors/types.ts';
import { ALLOWED, API, allow, answerOf, judgeWith, PAGE, pageAt, serverOf } from './requests.ts';

interface Play {
  readonly page?: FetchPage;
  readonly init?: Partial<FetchInit>;
  readonly answer?: HttpAnswer | null;
  readonly settings?: Partial<JudgeSettings>;
}

function play({ page = PAGE, init = {}, answer, settings = {} }: Play) {
  const given = answer === undefined ? allow(page.opaque ? 'null' : new URL(page.url).origin) : answer;
  const url = init.url ?? API;
  const answers = given === null ? {} : { [new URL(url).href]: given };
  return judgeWith(settings).judge(page, { url, ...init }, serverOf(answers), 0);
}

describe('a fetch of the own origin', () => {
  it('needs no leave and shows everything but cookies', () => {
    const answer = answerOf({ 'x-a': '1', 'set-cookie': 'a=b', 'content-type': 'text/html' }, 404);
    const verdict = play({ init: { url: 'https://example.com:443/x', method: 'PUT' }, answer });
    expect(verdict).toMatchObject({
      readable: true,
      type: 'basic',
      status: 404,
      preflights: 0,
      cookieSent: true,
    });
    expect(verdict.visibleHeaders).toEqual(['content-type', 'x-a']);
  });

  it('is not the own origin with another port, scheme or host, nor on a sandboxed page', () => {
    for (const url of ['https://example.com:8443/', 'https://www.example.com/']) {
      expect(play({ init: { url }, answer: answerOf({}) }).corsError).toBe('MissingAllowOriginHeader');
    }
    const page = pageAt('https://example.com/', { opaque: true });
    expect(play({ page, init: { url: 'https://example.com/x' } })).toMatchObject({
      readable: true,
      type: 'cors',
      requests: [{ origin: 'null' }],
    });
  });
});

describe('credentials', () => {
  const sent = (change: Play) => play(change).cookieSent;

  it('go to the own origin by default, to others only with include', () => {
    expect(sent({ init: { url: 'https://example.com/x' } })).toBe(true);
    expect(sent({ init: { url: 'https://example.com/x', credentials: 'omit' } })).toBe(false);
    expect(sent({})).toBe(false);
    expect(sent({ init: { credentials: 'omit' } })).toBe(false);
    expect(sent({ init: { credentials: 'include' } })).toBe(true);
  });

  it('stay at home on another site when third-party cookies are blocked', () => {
    const settings = { thirdPartyCookies: 'blocked' } as const;
    const init = { credentials: 'include' } as const;
    expect(sent({ init, settings })).toBe(true);
    expect(sent({ init, settings, page: pageAt('https://other.test/') })).toBe(false);
    expect(sent({ init, settings, page: pageAt('http://example.com/') })).toBe(false);
    expect(sent({ init, settings, page: pageAt('https://example.com/', { opaque: true }) })).toBe(false);
    expect(sent({ init, page: pageAt('https://other.test/') })).toBe(true);
  });

  it('are asked of the jar', () => {
    const verdict = play({ init: { credentials: 'include' }, settings: { hasCookie: () => false } });
    expect(verdict).toMatchObject({ cookieSent: false, requests: [{ credentialed: true }] });
  });

  it('never go with a preflight', () => {
    const verdict = play({ init: { credentials: 'include', method: 'PUT' } });
    expect(verdict.requests).toMatchObject([
      { method: 'OPTIONS', cookieSent: false },
      { method: 'PUT', cookieSent: true },
    ]);
  });
});

describe('mixed content', () => {
  const blocked = (page: FetchPage, url: string) => play({ page, init: { url } }).blockedReason;

  it('is stopped before anything is sent', () => {
    const verdict = play({ init: { url: 'http://api.example.com/x', method: 'PUT' } });
    expect(verdict).toMatchObject({ blockedReason: 'mixed-content', corsError: null, requests: [] });
    expect(blocked(pageAt('https://example.com/', { opaque: true }), 'http://example.com/')).toBe(
      'mixed-content',
    );
  });

  it.each(['http://localhost:3000/', 'http://127.0.0.1/', 'http://api.localhost/', 'http://[::1]:3000/'])(
    'is not %s',
    (url) => {
      expect(blocked(PAGE, url)).toBeNull();
    },
  );

  it('is nothing for pages in plain http', () => {
    expect(blocked(pageAt('http://example.com/'), 'http://api.example.com/')).toBeNull();
  });
});

describe('hosts that can only be in the local network', () => {
  const blocked = (host: string) => play({ init: { url: `http://${host}:3000/` } }).blockedReason;

  it.each([
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1',
    '169.254.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '[::]',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:192.168.0.1]',
    'printer.local',
    'PRINTER.LOCAL.',
  ])('such as %s are not mixed content', (host) => {
    expect(blocked(host)).toBeNull();
  });

  it.each([
    '172.32.0.1',
    '100.128.0.1',
    '8.8.8.8',
    '192.0.2.1',
    '[::ffff:8.8.8.8]',
    'printer',
    'x.internal',
    'x.lan',
    'notlocal',
  ])('are not such as %s', (host) => {
    expect(blocked(host)).toBe('mixed-content');
  });
});

describe('Local Network Access', () => {
  const page = pageAt('https://app.public.test/');

  it('does not stand between pages and servers of this machine', () => {
    expect(play({ page: pageAt('http://example.com/') }).readable).toBe(true);
  });

  it.each(['undecided', 'denied'] as const)('that is %s keeps public pages out', (localNetworkAccess) => {
    for (const init of [{}, { method: 'PUT' }, { mode: 'no-cors' as const }]) {
      expect(play({ page, init, settings: { localNetworkAccess } })).toMatchObject({
        corsError: 'LocalNetworkAccessPermissionDenied',
        failedParameter: null,
        requests: [],
      });
    }
  });

  it('that is granted lets them through', () => {
    expect(play({ page, settings: { localNetworkAccess: 'granted' } }).readable).toBe(true);
  });

  it('cannot be granted to pages in plain http', () => {
    const verdict = play({
      page: pageAt('http://app.public.test/'),
      settings: { localNetworkAccess: 'granted' },
    });
    expect(verdict.corsError).toBe('InsecureLocalNetwork');
  });

  it('exempts the own origin, public servers, and pages of the local network', () => {
    const local = pageAt('https://example.com/', { addressSpace: 'public' });
    expect(play({ page: local, init: { url: 'https://example.com/x' } }).readable).toBe(true);
    expect(play({ page, init: { url: 'https://api.public.test/' } }).readable).toBe(true);
    expect(play({ page: pageAt('https://nas.test/', { addressSpace: 'local' }) }).readable).toBe(true);
  });

  it('is asked for the hosts of the local network, too', () => {
    const settings: Partial<JudgeSettings> = { addressSpaceOf: () => 'local' };
    const outside = pageAt('https://example.com/', { addressSpace: 'public' });
    expect(play({ page: outside, settings }).corsError).toBe('LocalNetworkAccessPermissionDenied');
  });

  it('is checked again for the target of a redirect', () => {
    const start = 'https://api.public.test/';
    const answers = { [start]: { ...allow('https://app.public.test', [['location', API]]), status: 302 } };
    const verdict = judgeWith().judge(page, { url: start }, serverOf(answers), 0);
    expect(verdict.corsError).toBe('LocalNetworkAccessPermissionDenied');
    expect(verdict.requests).toHaveLength(1);
  });

  it('comes after mixed content, unless the script names the target space', () => {
    const url = 'http://api.example.com/';
    expect(play({ page, init: { url } }).blockedReason).toBe('mixed-content');
    expect(play({ page, init: { url, targetAddressSpace: 'loopback' } }).corsError).toBe(
      'LocalNetworkAccessPermissionDenied',
    );
  });
});

describe('a declared address space', () => {
  const declare = (targetAddressSpace: 'loopback' | 'local' | 'public' | 'unknown', url = API) =>
    play({ init: { url, targetAddressSpace }, settings: { localNetworkAccess: 'granted' } });

  it.each(['local', 'public'] as const)('of %s is refused for a server of this machine', (space) => {
    const verdict = declare(space);
    expect(verdict).toMatchObject({ corsError: 'InvalidLocalNetworkAccess', requests: [] });
  });

  it('has to be the right one, or none', () => {
    expect(declare('loopback').readable).toBe(true);
    expect(declare('unknown').readable).toBe(true);
  });

  it('is not looked at for the own origin', () => {
    expect(declare('public', 'https://example.com/x').readable).toBe(true);
  });
});

describe('mode no-cors', () => {
  const opaque = (init: Partial<FetchInit>, answer = answerOf({})) =>
    play({ init: { mode: 'no-cors', ...init }, answer });

  it('gives an opaque answer, with no leave asked and none needed', () => {
    expect(opaque({ method: 'POST', credentials: 'include' })).toMatchObject({
      readable: false,
      type: 'opaque',
      status: 0,
      corsError: null,
      cookieSent: true,
      requests: [{ origin: 'https://example.com' }],
    });
  });

  it('keeps only what an HTML form could send', () => {
    const headers = [
      ['content-type', 'application/json'],
      ['x-test', '1'],
      ['accept', 'text/html'],
    ] as const;
    expect(opaque({ method: 'POST', headers }).requests[0]?.headers).toEqual(['accept']);
    expect(opaque({ method: 'POST', headers, body: 'text' }).requests[0]?.headers).toEqual([
      'accept',
      'content-type',
    ]);
  });

  it.each(['PUT', 'DELETE', 'patch'])('refuses %s', (method) => {
    expect(opaque({ method })).toMatchObject({ netError: 'TypeError', requests: [] });
  });

  it('refuses to do anything but follow redirects', () => {
    expect(opaque({ redirect: 'manual' }).netError).toBe('TypeError');
    expect(opaque({ redirect: 'error' }).netError).toBe('TypeError');
  });

  it('is readable for the own origin', () => {
    expect(opaque({ url: 'https://example.com/x' })).toMatchObject({ readable: true, type: 'basic' });
  });

  it.each([
    ['https://example.com', 'same-origin', 'corp-not-same-origin'],
    ['https://example.com', 'same-site', null],
    ['https://other.test', 'same-site', 'corp-not-same-site'],
    ['http://example.com', 'same-site', 'corp-not-same-site'],
    ['null', 'same-site', 'corp-not-same-site'],
    ['https://other.test', 'cross-origin', null],
    ['https://other.test', 'Same-Origin', null],
    ['https://api.example.com', 'same-origin', null],
  ])('from %s with Cross-Origin-Resource-Policy %s: %s', (origin, policy, reason) => {
    const answer = answerOf({ 'Cross-Origin-Resource-Policy': policy });
    expect(checkResourcePolicy(origin, new URL(API), answer)).toBe(reason);
  });

  it('lets an https page have an http resource of its site', () => {
    const answer = answerOf({ 'Cross-Origin-Resource-Policy': 'same-site' });
    expect(checkResourcePolicy('https://example.com', new URL('http://api.example.com'), answer)).toBeNull();
  });

  it('is stopped by Cross-Origin-Resource-Policy, which mode cors does not ask for', () => {
    const answer = answerOf([...ALLOWED, ['Cross-Origin-Resource-Policy', 'same-origin']]);
    expect(opaque({}, answer)).toMatchObject({ type: null, blockedReason: 'corp-not-same-origin' });
    expect(play({ answer }).readable).toBe(true);
  });
});

describe('mode same-origin', () => {
  it('refuses other origins before anything is sent', () => {
    expect(play({ init: { mode: 'same-origin' } })).toMatchObject({
      readable: false,
      corsError: null,
      netError: 'TypeError',
      requests: [],
    });
  });
});

describe('what a script sees of an answer', () => {
  const visible = (headers: Readonly<Record<string, string>>, credentials: 'omit' | 'include' = 'include') =>
    play({
      init: { credentials },
      answer: allow('https://example.com', [
        ['X-Total-Count', '3'],
        ['ETag', '"e"'],
        ['Set-Cookie', 'a=b'],
        ['Cache-Control', 'no-store'],
        ...Object.entries(headers),
      ]),
    }).visibleHeaders;
  const EXPOSE = 'Access-Control-Expose-Headers';

  it('is the safelisted headers', () => {
    expect(visible({})).toEqual(['cache-control']);
  });

  it('is what the answer exposes, except for cookies', () => {
    expect(visible({ [EXPOSE]: 'x-total-count, Set-Cookie, X-Missing' })).toEqual([
      'cache-control',
      'x-total-count',
    ]);
  });

  it('is everything with a wildcard, unless credentials are included', () => {
    expect(visible({ [EXPOSE]: '*' })).toEqual(['cache-control']);
    expect(visible({ [EXPOSE]: '*' }, 'omit')).toContain('etag');
    expect(visible({ [EXPOSE]: '*' }, 'omit')).not.toContain('set-cookie');
  });

  it('is not what a list with a malformed name exposes', () => {
    expect(visible({ [EXPOSE]: 'etag, bad name' })).toEqual(['cache-control']);
  });
});

describe('a fetch that cannot begin', () => {
  it.each<Partial<FetchInit>>([
    { url: 'https://user:pw@api.example.com/' },
    { method: 'CONNECT' },
    { method: 'trace' },
    { method: 'bad method' },
    { headers: [['bad name', 'x']] },
    { headers: [['x', 'a\nb']] },
    { headers: [['x', '€']] },
    { body: 'text' },
    { url: 'ftp://example.com/' },
  ])('rejects its arguments: %j', (init) => {
    const verdict = judgeWith().judge(PAGE, { url: API, ...init }, () => null, 0);
    expect(verdict).toMatchObject({ netError: 'TypeError', corsError: null, requests: [] });
  });

  it('rejects what is no URL', () => {
    expect(judgeWith().judge(PAGE, { url: '/x' }, () => null, 0).netError).toBe('TypeError');
  });

  it('needs no network for data URLs', () => {
    expect(judgeWith().judge(PAGE, { url: 'data:,x' }, () => null, 0)).toMatchObject({
      readable: true,
      type: 'basic',
      requests: [],
    });
  });
});

describe('a server that closes the connection', () => {
  it('is asked twice, and is no CORS matter', () => {
    const verdict = play({ answer: null, init: { credentials: 'include' } });
    expect(verdict).toMatchObject({ corsError: null, netError: 'net::ERR_EMPTY_RESPONSE', cookieSent: true });
    expect(verdict.requests).toHaveLength(2);
  });

  it('on a preflight ends the fetch', () => {
    const verdict = judgeWith().judge(PAGE, { url: API, method: 'PUT' }, () => null, 0);
    expect(verdict).toMatchObject({ preflights: 2, netError: 'net::ERR_EMPTY_RESPONSE', cookieSent: false });
  });

  it('is asked twice after 421, and has answered then', () => {
    const answer = { ...allow('https://example.com'), status: 421 };
    const verdict = play({ answer });
    expect(verdict).toMatchObject({ readable: true, status: 421 });
    expect(verdict.requests).toHaveLength(2);
  });

  it.each(['GET', 'PUT'])('has no business with 407: %s fails outside of CORS', (method) => {
    const verdict = judgeWith().judge(PAGE, { url: API, method }, () => answerOf({}, 407), 0);
    expect(verdict).toMatchObject({ corsError: null, netError: 'net::ERR_UNEXPECTED_PROXY_AUTH' });
  });

  it('that redirects a preflight to no URL at all fails outside of CORS', () => {
    const answer = answerOf([...ALLOWED, ['location', 'https://']], 302);
    const verdict = judgeWith().judge(PAGE, { url: API, method: 'PUT' }, () => answer, 0);
    expect(verdict).toMatchObject({ corsError: null, netError: 'net::ERR_INVALID_REDIRECT' });
  });

  it('is like one that sends a NUL in a header', () => {
    const answer = allow('https://example.com', [['x-a', 'a\0b']]);
    expect(play({ answer })).toMatchObject({ corsError: null, netError: 'net::ERR_INVALID_HTTP_RESPONSE' });
  });
});
