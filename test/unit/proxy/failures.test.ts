import { describe, expect, test } from 'vitest';
import { describeUpstreamError, isConnectionLoss, statusOf } from '../../../src/proxy/failures.ts';

const failed = (code: string, name = 'Error') => Object.assign(new Error('the reason'), { code, name });

describe('describeUpstreamError', () => {
  test.each([
    ['ECONNREFUSED', 'ERR_UPSTREAM_UNREACHABLE', 502],
    ['ENOTFOUND', 'ERR_UPSTREAM_UNREACHABLE', 502],
    ['EHOSTUNREACH', 'ERR_UPSTREAM_UNREACHABLE', 502],
    ['UND_ERR_CONNECT_TIMEOUT', 'ERR_UPSTREAM_TIMEOUT', 504],
    ['UND_ERR_HEADERS_TIMEOUT', 'ERR_UPSTREAM_TIMEOUT', 504],
    ['ETIMEDOUT', 'ERR_UPSTREAM_TIMEOUT', 504],
    ['UND_ERR_SOCKET', 'ERR_UPSTREAM_CLOSED', 502],
    ['ECONNRESET', 'ERR_UPSTREAM_CLOSED', 502],
    ['HPE_INVALID_CONSTANT', 'ERR_UPSTREAM_PROTOCOL', 502],
    ['UND_ERR_HEADERS_OVERFLOW', 'ERR_UPSTREAM_PROTOCOL', 502],
    ['ERR_INVALID_CHAR', 'ERR_UPSTREAM_PROTOCOL', 502],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_UPSTREAM_TLS', 502],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_UPSTREAM_TLS', 502],
    ['CERT_HAS_EXPIRED', 'ERR_UPSTREAM_TLS', 502],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_UPSTREAM_TLS', 502],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_UPSTREAM_TLS', 502],
    ['UND_ERR_INVALID_ARG', 'ERR_BAD_REQUEST', 400],
  ])('%s is %s', (errno, code, status) => {
    const failure = describeUpstreamError(failed(errno), 'port 5173');
    expect(failure.code).toBe(code);
    expect(statusOf(failure)).toBe(status);
  });

  test('knows undici’s parser error, which has no code', () => {
    const error = Object.assign(new Error('no HTTP'), { name: 'HTTPParserError' });
    expect(describeUpstreamError(error, 'port 5173').code).toBe('ERR_UPSTREAM_PROTOCOL');
  });

  test.each([
    ['bad response', 'UND_ERR_SOCKET', 'it sent 100 Continue, which nothing had asked it for'],
    ['bad upgrade', 'UND_ERR_SOCKET', 'it switched to another protocol, which nothing had asked it for'],
    ['mismatch', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'its Content-Length stands there twice'],
    ['Duplicate Content-Length', 'HPE_UNEXPECTED_CONTENT_LENGTH', 'Duplicate Content-Length'],
    ['its status is 99', 'ERR_HTTP_INVALID_ANSWER', 'its status is 99'],
  ])('says what is wrong with an answer: %s (%s)', (message, code, said) => {
    const error = Object.assign(new Error(message), { code });
    const failure = describeUpstreamError(error, 'port 5173');
    expect(failure.code).toBe('ERR_UPSTREAM_PROTOCOL');
    expect(failure.message).toContain(said);
    expect(failure.hint).toContain('header fields or bodies by itself');
    // Nothing was lost on the way: asking again would give the same.
    expect(isConnectionLoss(error)).toBe(false);
  });

  test('advises to look at the port where no web server answers', () => {
    const error = Object.assign(new Error('Parse Error: Expected HTTP/, RTSP/ or ICE/'), {
      code: 'HPE_INVALID_CONSTANT',
    });
    expect(describeUpstreamError(error, 'port 22').hint).toContain('a web server listens there');
  });

  test('names the upstream', () => {
    for (const code of ['ECONNREFUSED', 'ETIMEDOUT', 'ECONNRESET', 'HPE_X', 'CERT_X']) {
      expect(describeUpstreamError(failed(code), 'port 5173').message).toContain('port 5173');
    }
  });
});

test('a lost connection is told from an upstream that refuses or is slow', () => {
  expect(isConnectionLoss(failed('ECONNRESET'))).toBe(true);
  expect(isConnectionLoss(failed('UND_ERR_SOCKET'))).toBe(true);
  expect(isConnectionLoss(failed('ECONNREFUSED'))).toBe(false);
  expect(isConnectionLoss(failed('UND_ERR_HEADERS_TIMEOUT'))).toBe(false);
});
