import type { Exchange } from '../../src/proxy/types.ts';

/** An exchange of the API as the proxy tells it: an ordinary GET that went well. */
export function exchangeOf(changes: Partial<Exchange> = {}): Exchange {
  return {
    id: 'id1',
    kind: 'http',
    startedAt: new Date(1_000),
    durationMs: 5,
    httpVersion: '2.0',
    hostname: 'api.example.com',
    method: 'GET',
    path: '/auth/user/',
    status: 200,
    requestHeaders: [],
    responseHeaders: [],
    withheldHeaders: [],
    upstream: 'port 8000',
    failure: null,
    refusal: null,
    requestBody: null,
    responseBody: null,
    canary: 'off',
    ...changes,
  };
}
