import { describe, expect, it } from 'vitest';
import type { FetchInit, HttpAnswer } from '../../../../src/verdicts/cors/types.ts';
import { API, allow, answerOf, judgeWith, PAGE, redirect, serverOf } from './requests.ts';

const OTHER = 'https://other.test/x';
const OWN = 'https://example.com/back';

function follow(answers: Readonly<Record<string, HttpAnswer>>, init: Partial<FetchInit> = {}) {
  return judgeWith().judge(PAGE, { url: API, credentials: 'include', ...init }, serverOf(answers), 0);
}

describe('a redirect', () => {
  it('needs leave to be read like any other answer', () => {
    const verdict = follow({ [API]: answerOf({ location: OTHER }, 302), [OTHER]: allow('*') });
    expect(verdict).toMatchObject({ corsError: 'MissingAllowOriginHeader', redirected: false });
    expect(verdict.requests).toHaveLength(1);
  });

  it('to a third origin makes the origin null', () => {
    const verdict = follow({ [API]: redirect(OTHER), [OTHER]: allow('https://example.com') });
    expect(verdict).toMatchObject({
      corsError: 'AllowOriginMismatch',
      failedParameter: 'https://example.com',
    });
    expect(verdict.requests.map(({ origin }) => origin)).toEqual(['https://example.com', 'null']);
    expect(follow({ [API]: redirect(OTHER), [OTHER]: allow('null') }).readable).toBe(true);
  });

  it('back to the own origin stays a cross-origin request with a null origin', () => {
    const verdict = follow({ [API]: redirect(OWN), [OWN]: answerOf({}) });
    expect(verdict).toMatchObject({ corsError: 'MissingAllowOriginHeader', failedParameter: null });
    const allowed = follow({ [API]: redirect(OWN), [OWN]: allow('null') });
    expect(allowed).toMatchObject({ readable: true, type: 'cors', redirected: true });
  });

  it('within the target keeps the origin', () => {
    const verdict = follow({
      [API]: redirect('/y'),
      'https://api.example.com/y': allow('https://example.com'),
    });
    expect(verdict.readable).toBe(true);
  });

  it('from the own origin is not checked, and keeps the origin', () => {
    const verdict = follow(
      { [OWN]: answerOf({ location: API }, 307), [API]: allow('https://example.com') },
      { url: OWN },
    );
    expect(verdict).toMatchObject({ readable: true, type: 'cors' });
    expect(verdict.requests.map(({ origin }) => origin)).toEqual([null, 'https://example.com']);
  });

  it.each(['https://user:pw@api.example.com/y', 'https://user@other.test/', 'https://:pw@example.com/'])(
    'to %s is refused for the userinfo in it',
    (location) => {
      expect(follow({ [API]: redirect(location) })).toMatchObject({
        corsError: 'RedirectContainsCredentials',
        failedParameter: null,
      });
    },
  );

  it('to userinfo of the own origin is not followed, and is no CORS matter; nor is one of a no-cors fetch', () => {
    const location = 'https://user:pw@example.com/y';
    const answers = { [OWN]: answerOf({ location }, 302), [API]: answerOf({ location }, 302) };
    for (const init of [{ url: OWN }, { mode: 'no-cors' as const }]) {
      const verdict = follow(answers, init);
      expect(verdict).toMatchObject({ readable: false, corsError: null, netError: 'net::ERR_ABORTED' });
      expect(verdict.requests).toHaveLength(1);
    }
  });

  it.each(['data:,x', 'blob:x', 'file:///etc/passwd', 'about:blank', 'chrome://version'])(
    'to %s is unsafe, once it may be read',
    (location) => {
      expect(follow({ [API]: answerOf({ location }, 302) }).corsError).toBe('MissingAllowOriginHeader');
      expect(follow({ [API]: redirect(location) })).toMatchObject({
        corsError: null,
        netError: 'net::ERR_UNSAFE_REDIRECT',
      });
    },
  );

  it.each(['ftp://example.com/', 'javascript:1', 'ws://other.test/', 'mailto:a@b'])(
    'to %s has a scheme without CORS',
    (location) => {
      expect(follow({ [API]: redirect(location) }).corsError).toBe('CorsDisabledScheme');
      expect(follow({ [API]: redirect(location) }, { mode: 'no-cors' })).toMatchObject({
        corsError: null,
        netError: 'net::ERR_UNKNOWN_URL_SCHEME',
      });
    },
  );

  it.each(['ftp://example.com/', 'data:,x', ''])('to %j is not looked at by redirect: manual', (location) => {
    expect(follow({ [API]: redirect(location) }, { redirect: 'manual' })).toMatchObject({
      type: 'opaqueredirect',
      netError: null,
    });
  });

  it('without Location is opaque to redirect: manual, too; an answer 304 is not', () => {
    const answer = (status: number) => ({ [API]: { ...allow('https://example.com'), status } });
    expect(follow(answer(301), { redirect: 'manual' }).type).toBe('opaqueredirect');
    expect(follow(answer(304), { redirect: 'manual' }).type).toBe('cors');
  });

  it('with two targets spoils the answer, with one target twice it does not', () => {
    const answers = (second: string) => ({
      [API]: {
        status: 302,
        headers: [...redirect('/y').headers, ['Location', second] as const],
      },
      'https://api.example.com/y': allow('https://example.com'),
    });
    expect(follow(answers('/z')).netError).toBe('net::ERR_RESPONSE_HEADERS_MULTIPLE_LOCATION');
    expect(follow(answers('/y')).readable).toBe(true);
  });

  it('of a no-cors fetch to another origin takes no cookies along by default', () => {
    const init = { url: OWN, mode: 'no-cors', credentials: 'same-origin' } as const;
    const verdict = follow({ [OWN]: answerOf({ location: API }, 302), [API]: answerOf({}) }, init);
    expect(verdict.requests.map(({ cookieSent }) => cookieSent)).toEqual([true, false]);
  });

  it('to something that is no URL fails', () => {
    expect(follow({ [API]: redirect('https://') }).netError).toBe('net::ERR_INVALID_REDIRECT');
  });

  it('to plain http is mixed content', () => {
    const verdict = follow({ [API]: redirect('http://other.test/') });
    expect(verdict).toMatchObject({ blockedReason: 'mixed-content', corsError: null });
    expect(verdict.requests).toHaveLength(1);
  });

  it('without Location, or with an empty one, is an answer', () => {
    expect(follow({ [API]: { ...allow('https://example.com'), status: 302 } })).toMatchObject({
      readable: true,
      status: 302,
    });
    expect(follow({ [API]: redirect('') }).readable).toBe(true);
  });

  it('is followed twenty times', () => {
    const verdict = follow({ [API]: redirect(API) });
    expect(verdict).toMatchObject({ netError: 'net::ERR_TOO_MANY_REDIRECTS', corsError: null });
    expect(verdict.requests).toHaveLength(21);
  });

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [302, 'PUT', 'PUT'],
    [303, 'PUT', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
  ])('with %i turns %s into %s', (status, method, next) => {
    const verdict = follow(
      { [API]: redirect('/y', 'https://example.com', status) },
      { method, ...(method === 'HEAD' ? {} : { body: 'text' as const }) },
    );
    expect(verdict.requests.findLast(({ preflight }) => !preflight)?.method).toBe(next);
  });

  it('that drops the body drops its Content-Type, too, and asks for no leave again', () => {
    const json: Partial<FetchInit> = {
      method: 'POST',
      body: 'text',
      headers: [['content-type', 'application/json']],
    };
    const y = 'https://api.example.com/y';
    const answers = (status: number) => ({
      [API]: redirect(y, 'https://example.com', status),
      [y]: allow('https://example.com'),
    });
    expect(follow(answers(302), json)).toMatchObject({ readable: true, preflights: 1 });
    expect(follow(answers(307), json)).toMatchObject({ readable: true, preflights: 2 });
  });

  it('to another origin loses Authorization', () => {
    const verdict = follow(
      { [API]: redirect(OTHER), [OTHER]: allow('null') },
      { headers: [['authorization', 'Bearer x']] },
    );
    expect(verdict.preflights).toBe(1);
    expect(verdict.requests.at(-1)?.headers).toEqual([]);
  });

  it('ends the fetch in redirect mode error, after it has passed its check', () => {
    const init: Partial<FetchInit> = { redirect: 'error' };
    expect(follow({ [API]: redirect(OTHER) }, init)).toMatchObject({
      corsError: null,
      netError: 'net::ERR_FAILED',
    });
    expect(follow({ [API]: answerOf({ location: OTHER }, 302) }, init).corsError).toBe(
      'MissingAllowOriginHeader',
    );
  });

  it('is handed over unread in redirect mode manual', () => {
    expect(follow({ [API]: redirect(OTHER) }, { redirect: 'manual' })).toMatchObject({
      readable: false,
      type: 'opaqueredirect',
      status: 0,
      corsError: null,
    });
  });

  it('out of the own origin is stopped in mode same-origin', () => {
    const verdict = follow({ [OWN]: answerOf({ location: API }, 302) }, { url: OWN, mode: 'same-origin' });
    expect(verdict).toMatchObject({ readable: false, corsError: null, blockedReason: 'origin' });
    expect(verdict.requests).toHaveLength(1);
  });
});
