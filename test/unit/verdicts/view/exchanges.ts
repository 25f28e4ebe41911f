import type { ViewedExchange } from '../../../../src/verdicts/view/viewed-exchange.ts';
import type { WatchSettings } from '../../../../src/verdicts/watch/types.ts';

export const SETTINGS: WatchSettings = {
  frontendOrigin: 'https://example.com',
  apiOrigin: 'https://api.example.com',
  accessCookie: 'jwt-access-token',
  refreshCookie: 'jwt-refresh-token',
  ownAgent: 'jwt-dev-doctor',
  hostnames: ['example.com', 'api.example.com'],
};

export const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';

/** What a script of the frontend's page asks the API for. */
export const CALL: ViewedExchange['requestHeaders'] = [
  ['user-agent', CHROME],
  ['accept-language', 'en-GB'],
  ['origin', 'https://example.com'],
  ['sec-fetch-site', 'same-site'],
  ['sec-fetch-mode', 'cors'],
  ['sec-fetch-dest', 'empty'],
];

/** What a backend answers that is set up well. */
export const ALLOWED: ViewedExchange['responseHeaders'] = [
  ['access-control-allow-origin', 'https://example.com'],
  ['access-control-allow-credentials', 'true'],
  ['vary', 'Origin'],
];

/** A call of the API that went well, ten seconds after the one before it. */
export function createExchanges(): (changes?: Partial<ViewedExchange>) => ViewedExchange {
  let seq = 0;
  return (changes = {}) => {
    seq += 1;
    const target = changes.target ?? '/auth/user/';
    const host = changes.host ?? 'api.example.com';
    return {
      id: `x${seq}`,
      seq,
      kind: 'http',
      at: 1_700_000_000_000 + seq * 10_000,
      durationMs: 5,
      url: `https://${host}${target}`,
      host,
      target,
      method: 'GET',
      httpVersion: '2.0',
      requestHeaders: CALL,
      status: 200,
      responseHeaders: ALLOWED,
      withheldHeaders: [],
      refusal: null,
      canary: 'unknown',
      fromBackend: true,
      upstream: 'port 8000',
      failure: null,
      ...changes,
    };
  };
}

export function tokenOf(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;
}
