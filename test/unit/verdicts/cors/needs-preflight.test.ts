import { describe, expect, it } from 'vitest';
import { needsPreflight } from '../../../../src/verdicts/cors/preflight.ts';
import type { HeaderPairs } from '../../../../src/verdicts/cors/types.ts';
import { requestOf } from './requests.ts';

function asksFor(headers: HeaderPairs): readonly string[] {
  return needsPreflight(requestOf({ headers }))?.headers ?? [];
}

describe('a request method', () => {
  it.each(['GET', 'HEAD', 'POST', 'get', 'Post'])('%s needs no preflight', (method) => {
    expect(needsPreflight(requestOf({ method }))).toBeNull();
  });

  it.each([
    ['PUT', 'PUT'],
    ['put', 'PUT'],
    ['delete', 'DELETE'],
    ['options', 'OPTIONS'],
    ['PATCH', 'PATCH'],
    ['patch', 'patch'],
    ['Propfind', 'Propfind'],
  ])('%s asks for %s: only the old methods are put into upper case', (method, asked) => {
    expect(needsPreflight(requestOf({ method }))).toEqual({ method: asked, headers: [] });
  });

  it('needs a preflight in cors mode only', () => {
    expect(needsPreflight(requestOf({ method: 'PUT', mode: 'same-origin' }))).toBeNull();
    expect(needsPreflight(requestOf({ method: 'PUT', mode: 'navigate' }))).toBeNull();
  });
});

describe('the Content-Type of a request', () => {
  it.each([
    'text/plain',
    ' text/plain ',
    'TEXT/Plain;charset=UTF-8',
    'text/plain; foo=bar',
    'text/plain;',
    'application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; charset=utf-8',
    'multipart/form-data; boundary=----x',
  ])('%j needs no preflight', (value) => {
    expect(asksFor([['Content-Type', value]])).toEqual([]);
  });

  it.each([
    'application/json',
    'text/html',
    'text/xml',
    '',
    'text',
    'text /plain',
    'text/plain, application/json',
    'application/x-www-form-urlencoded; charset="utf-8"',
    'text/plain; a=(b)',
    `text/plain; a=${'x'.repeat(120)}`,
  ])('%j needs a preflight', (value) => {
    expect(asksFor([['Content-Type', value]])).toEqual(['content-type']);
  });
});

describe('the other request headers', () => {
  it.each([
    ['Accept', '*/*'],
    ['Accept', 'x'.repeat(128)],
    ['Accept-Language', 'de-DE, de;q=0.9, *;q=0.5'],
    ['Content-Language', 'eu'],
    ['Range', 'bytes=0-'],
    ['Range', 'bytes=5-10'],
    ['Save-Data', 'on'],
    ['DPR', '1.5'],
    ['Device-Memory', '8'],
    ['Width', '100'],
    ['Viewport-Width', '320'],
  ])('%s: %s is safelisted', (name, value) => {
    expect(asksFor([[name, value]])).toEqual([]);
  });

  it.each([
    ['Accept', 'x'.repeat(129)],
    ['Accept', 'a:b'],
    ['Accept', '\u007f'],
    ['Accept-Language', '@'],
    ['Content-Language', 'de_DE'],
    ['Range', 'bytes=-5'],
    ['Range', 'bytes=10-5'],
    ['Range', 'bytes=0-1,2-3'],
    ['Range', 'lines=0-1'],
    ['Save-Data', 'off'],
    ['DPR', '1.'],
    ['Width', '1.5'],
    ['Authorization', 'Bearer x'],
    ['X-CSRFToken', 'x'],
    ['X-Requested-With', 'XMLHttpRequest'],
    ['Cache-Control', 'no-cache'],
    ['If-None-Match', '"x"'],
    ['X-HTTP-Method-Override', 'PUT'],
  ])('%s: %s has to be asked for', (name, value) => {
    expect(asksFor([[name, value]])).toEqual([name.toLowerCase()]);
  });

  it.each([
    ['Cookie', 'a=b'],
    ['Host', 'evil.test'],
    ['Origin', 'https://other.test'],
    ['Referer', 'x'],
    ['User-Agent', 'mine'],
    ['Sec-Anything', '1'],
    ['Proxy-Anything', '1'],
    ['X-HTTP-Method-Override', 'GET, trace'],
  ])('%s: %s is not for scripts to set, and asks for nothing', (name, value) => {
    expect(asksFor([[name, value]])).toEqual([]);
  });

  it('are asked for in lower case, sorted, each once', () => {
    const headers: HeaderPairs = [
      ['X-B', '1'],
      ['x-a', '2'],
      ['X-b', '3'],
      ['Accept', '*/*'],
    ];
    expect(asksFor(headers)).toEqual(['x-a', 'x-b']);
  });

  it('count as one value where they come twice', () => {
    const half = 'x'.repeat(64);
    expect(asksFor([['Accept', half]])).toEqual([]);
    expect(
      asksFor([
        ['Accept', half],
        ['Accept', half],
      ]),
    ).toEqual(['accept']);
  });

  it('may be 1024 bytes long together', () => {
    const names = [
      'accept',
      'accept-language',
      'content-language',
      'device-memory',
      'dpr',
      'intervention',
      'viewport-width',
      'width',
    ];
    const headers = names.map((name) => [name, '1'.repeat(128)] as const);
    expect(asksFor(headers)).toEqual([]);
    expect(asksFor([...headers, ['range', 'bytes=0-']])).toEqual([...names, 'range'].toSorted());
  });
});

describe('a Range', () => {
  it.each(['bytes=0-', 'bytes=00-01', 'bytes=5-5', 'bytes=0-9223372036854775806'])(
    '%s needs no preflight',
    (value) => {
      expect(asksFor([['range', value]])).toEqual([]);
    },
  );

  it.each([
    'bytes= 0-1',
    'bytes=0 - 1',
    'bytes=\t0-1',
    'Bytes=0-1',
    'bytes=5-4',
    'bytes=9007199254740993-9007199254740992',
    'bytes=0-9223372036854775807',
    'bytes=0-1,2-3',
  ])('%j needs one', (value) => {
    expect(asksFor([['range', value]])).toEqual(['range']);
  });
});

describe('a client hint', () => {
  it.each([
    ['downlink', '1.5', 'fast'],
    ['rtt', '50', '-1'],
    ['ect', '4g', '5g'],
    ['dpr', '1.5', '1.'],
    ['width', '100', '1.5'],
  ])('%s needs no preflight as %s, but one as %s', (name, good, bad) => {
    expect(asksFor([[name, good]])).toEqual([]);
    expect(asksFor([[name, bad]])).toEqual([name]);
  });
});
