import { expect, test } from 'vitest';
import { codes, createTraffic, START } from './traffic.ts';

const API = 'api.example.com';

test.each([
  ['JD301', 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', /Chromium/],
  ['JD301', 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN', /Chromium/],
  ['JD301', 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', /Firefox/],
  ['JD303', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /curl, Python/],
  ['JD306', 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', /expired/],
] as const)('%s: %s', (code, alert, evidence) => {
  const [finding] = createTraffic().handshake(alert, API);
  expect(finding).toMatchObject({ code, host: API });
  expect(finding?.evidence).toMatch(evidence);
});

test('another name is not in the certificate, whatever the client says of it (JD304)', () => {
  const [finding] = createTraffic().handshake('ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'www.example.com');
  expect(finding?.code).toBe('JD304');
  expect(finding?.evidence).toContain('www.example.com');
});

test('letter case is no other name', () => {
  expect(codes(createTraffic().handshake('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'API.Example.com'))).toEqual([
    'JD303',
  ]);
});

test('plain http on the TLS port (JD305)', () => {
  expect(codes(createTraffic().handshake('ERR_SSL_HTTP_REQUEST', null))).toEqual(['JD305']);
});

test('a lone reset, or an unknown fault, is nothing', () => {
  const traffic = createTraffic();
  traffic.handshake('ECONNRESET', API);
  traffic.handshake('ECONNRESET', null);
  traffic.handshake('ERR_SSL_UNSUPPORTED_PROTOCOL', API);
  traffic.handshake('ERR_TLS_HANDSHAKE_TIMEOUT', API);
  expect(traffic.found).toEqual([]);
});

test('resets of one name while nothing gets through are a Node process that does not trust us (JD302)', () => {
  const traffic = createTraffic();
  traffic.handshake('ECONNRESET', API, START);
  traffic.handshake('ECONNRESET', API, START + 1_000);
  expect(codes(traffic.handshake('ECONNRESET', API, START + 2_000))).toEqual(['JD302']);
});

test('resets among requests that get through are speculative connections', () => {
  const traffic = createTraffic();
  for (let n = 0; n < 10; n += 1) {
    traffic.call('GET', '/items/');
    traffic.handshake('ECONNRESET', API);
  }
  expect(traffic.found).toEqual([]);
});

test('resets that are far apart are nothing', () => {
  const traffic = createTraffic();
  for (let n = 0; n < 10; n += 1) traffic.handshake('ECONNRESET', API, START + n * 20_000);
  expect(traffic.found).toEqual([]);
});

test('a reset while a page became a 500: the server that renders it does not trust us (JD302)', () => {
  const traffic = createTraffic();
  traffic.call('GET', '/items/');
  traffic.handshake('ECONNRESET', API, START + 1_100);
  const [finding] = traffic.page('/', { at: START + 1_000, durationMs: 300, status: 500 });
  expect(finding).toMatchObject({ code: 'JD302', host: API });
  expect(traffic.page('/', { at: START + 2_000, durationMs: 300, status: 500 })).toEqual([]);
});
