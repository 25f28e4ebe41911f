import { describe, expect, test } from 'vitest';
import { answerFailure } from '../../../src/proxy/error-page.ts';
import { hostUnknown } from '../../../src/proxy/failures.ts';
import { headerOf } from '../../../src/proxy/headers.ts';
import type { Failure } from '../../../src/proxy/types.ts';

const settings = { frontendOrigin: 'https://example.com:8443', nonce: 'n0nce' };
const dead: Failure = {
  code: 'ERR_UPSTREAM_UNREACHABLE',
  message: 'Nothing answers at port 5173.',
  hint: 'Start it.',
};
const answer = (headers: readonly string[], method = 'GET', failure = dead) =>
  answerFailure(failure, { method, headers }, settings);
const typeOf = (headers: readonly string[]) => headerOf(answer(headers).headers, 'content-type');

describe('answerFailure', () => {
  test.each([
    ['a fetch', ['Sec-Fetch-Mode', 'cors', 'Accept', 'text/html'], 'application/json'],
    ['a fetch of the same origin', ['Sec-Fetch-Mode', 'same-origin', 'Accept', '*/*'], 'application/json'],
    ['a script', ['Sec-Fetch-Mode', 'no-cors', 'Accept', '*/*'], 'application/json'],
    ['a navigation', ['Sec-Fetch-Mode', 'navigate', 'Accept', '*/*'], 'text/html; charset=utf-8'],
    ['an old browser', ['Accept', 'text/html,application/xhtml+xml'], 'text/html; charset=utf-8'],
    ['a client that asks for JSON', ['Accept', 'application/json, text/html;q=0.1'], 'application/json'],
    ['a client that asks for anything', ['Accept', '*/*'], 'application/json'],
    ['a client that asks for nothing', [], 'application/json'],
  ])('for %s', (_name, headers, type) => {
    expect(typeOf(headers)).toBe(type);
  });

  test('can be read by the frontend, and by nobody else, whoever asks', () => {
    for (const origin of [[], ['Origin', 'https://evil.test'], ['Origin', settings.frontendOrigin]]) {
      const { headers } = answer(origin);
      expect(headerOf(headers, 'access-control-allow-origin')).toBe(settings.frontendOrigin);
      expect(headerOf(headers, 'access-control-allow-credentials')).toBe('true');
      expect(headerOf(headers, 'vary')).toContain('Origin');
      expect(headerOf(headers, 'cache-control')).toBe('no-store');
    }
  });

  test('says in JSON what happened and what to do', () => {
    expect(JSON.parse(answer([]).body)).toEqual({ error: dead });
  });

  test('grants a preflight of the frontend alone', () => {
    const asked = [
      'Access-Control-Request-Method',
      'PATCH',
      'Access-Control-Request-Headers',
      'content-type,x-a',
    ];
    const granted = answer(['Origin', settings.frontendOrigin, ...asked], 'OPTIONS');
    expect(granted).toMatchObject({ status: 204, body: '' });
    expect(headerOf(granted.headers, 'access-control-allow-methods')).toBe('PATCH');
    expect(headerOf(granted.headers, 'access-control-allow-headers')).toBe('content-type,x-a');
    expect(headerOf(granted.headers, 'access-control-max-age')).toBe('0');
    expect(answer(['Origin', 'https://evil.test', ...asked], 'OPTIONS').status).toBe(502);
    expect(answer(['Origin', settings.frontendOrigin, ...asked], 'GET').status).toBe(502);
    expect(answer(['Origin', settings.frontendOrigin], 'OPTIONS').status).toBe(502);
  });

  const page = ['Sec-Fetch-Mode', 'navigate'];

  test('is a page of less than 10 kB that shows text as text', () => {
    const failure = { ...dead, message: `<img src=x onerror="alert('1')"> & more` };
    const { body, headers } = answer(page, 'GET', failure);
    expect(body).not.toContain('<img');
    expect(body).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; more');
    expect(body.length).toBeLessThan(10_000);
    expect(headerOf(headers, 'content-length')).toBe(String(Buffer.byteLength(body)));
    expect(headerOf(headers, 'content-security-policy')).toContain(`script-src 'nonce-n0nce'`);
    expect(body.match(/nonce="n0nce"/g)).toHaveLength(2);
  });

  test('loads itself again only where that may help and is safe', () => {
    expect(answer(page).body).toContain('location.reload');
    expect(answer(page, 'POST').body).not.toContain('location.reload');
    expect(answer(page, 'GET', hostUnknown('x.test', ['example.com'])).body).not.toContain('location.reload');
  });
});
