import { describe, expect, it } from 'vitest';
import { fromHeaders } from '../../../../src/verdicts/cookies/from-headers.ts';
import { contextOf, isFirstParty } from '../../../../src/verdicts/cookies/same-site.ts';

const API = 'https://api.example.com/me';
const CHROMIUM = { 'sec-ch-ua': '"Chromium";v="156", "Not)A;Brand";v="8"' };
const cors = (site: string, origin: string): Record<string, string> => ({
  'sec-fetch-site': site,
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  origin,
  referer: `${origin}/`,
});

describe('a request as a proxy sees it', () => {
  it('typed by the user', () => {
    const { request, uncertain } = fromHeaders(API, 'GET', {
      'sec-fetch-site': 'none',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    });
    expect(request).toMatchObject({ target: 'top-level', initiator: null, credentials: true });
    expect(uncertain).toEqual([]);
  });

  it('a link of another site', () => {
    const { request } = fromHeaders(API, 'GET', {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      referer: 'https://other.test/',
    });
    expect(contextOf(request)).toBe('lax');
  });

  it('a same-site fetch: whether it has credentials cannot be seen without a cookie', () => {
    const bare = fromHeaders(API, 'POST', cors('same-site', 'https://example.com'));
    expect(bare.request).toMatchObject({
      target: 'subresource',
      initiator: 'https://example.com',
      credentials: 'unknown',
    });
    expect(bare.uncertain).toContain('credentials');
    const withCookie = fromHeaders(API, 'POST', {
      ...cors('same-site', 'https://example.com'),
      cookie: 'a=1',
    });
    expect(withCookie.request.credentials).toBe(true);
  });

  it('a cross-site fetch of Chromium: storage access tells credentials and the setting', () => {
    const headers = { ...CHROMIUM, ...cors('cross-site', 'https://other.test') };
    const active = fromHeaders(API, 'GET', { ...headers, 'sec-fetch-storage-access': 'active' });
    expect(active).toMatchObject({ request: { credentials: true }, thirdPartyCookies: 'allowed' });
    const none = fromHeaders(API, 'GET', { ...headers, 'sec-fetch-storage-access': 'none' });
    expect(none).toMatchObject({ request: { credentials: true }, thirdPartyCookies: 'blocked' });
    expect(fromHeaders(API, 'GET', headers).request.credentials).toBe(false);
    expect(fromHeaders(API, 'GET', cors('cross-site', 'https://other.test')).request.credentials).toBe(
      'unknown',
    );
  });

  it('a same-origin fetch in a frame of another site is unmasked by storage access', () => {
    const { request, uncertain } = fromHeaders(API, 'GET', {
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
      'sec-fetch-storage-access': 'active',
      referer: 'https://api.example.com/',
    });
    expect(isFirstParty(request)).toBe(false);
    expect(uncertain).toContain('topLevel');
  });

  it('a redirect through another site does not hide the page that began it', () => {
    const { request } = fromHeaders(API, 'GET', {
      ...CHROMIUM,
      ...cors('cross-site', 'null'),
      referer: 'https://api.example.com/',
    });
    expect(contextOf(request)).toBe('strict');
    expect(request.credentials).toBe('unknown');
  });

  it('an image, a frame, a WebSocket and a preflight', () => {
    const image = fromHeaders(API, 'GET', {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'no-cors',
      'sec-fetch-dest': 'image',
    });
    expect(image.request).toMatchObject({ target: 'subresource', credentials: true, initiator: 'null' });
    const frame = fromHeaders(API, 'GET', {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'iframe',
      referer: 'https://other.test/',
    });
    expect(frame.request).toMatchObject({ target: 'frame', topLevel: 'https://other.test' });
    const socket = fromHeaders(API, 'GET', { upgrade: 'websocket', origin: 'https://example.com' });
    expect(socket.request).toMatchObject({ target: 'subresource', credentials: true });
    expect(contextOf(socket.request)).toBe('strict');
    const preflight = fromHeaders(API, 'OPTIONS', {
      ...cors('same-site', 'https://example.com'),
      'access-control-request-method': 'PUT',
    });
    expect(preflight.request).toMatchObject({ preflight: true, credentials: false });
  });

  it('plain http says little: everything is a guess', () => {
    const page = fromHeaders('http://example.com/', 'GET', {
      accept: 'text/html,*/*',
      'upgrade-insecure-requests': '1',
    });
    expect(page.request).toMatchObject({ target: 'top-level', initiator: null });
    expect(page.uncertain).toEqual(['target', 'initiator']);
    const call = fromHeaders('http://api.example.com/', 'GET', { origin: 'http://example.com' });
    expect(call.request).toMatchObject({ target: 'subresource', initiator: 'http://example.com' });
    expect(call.uncertain).toEqual(['target', 'topLevel', 'credentials']);
  });
});
