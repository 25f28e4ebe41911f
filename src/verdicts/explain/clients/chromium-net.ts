import type { FindingCode } from '../../findings/codes.ts';
import { OWN } from '../own.ts';
import type { ErrorPattern, OwnExplanation } from '../types.ts';

const SOURCE = 'Chromium, net/base/net_error_list.h';

/** `net::ERR_…`, also as the code on Chromium's error page. */
const ERRORS: Readonly<Record<string, FindingCode | OwnExplanation>> = {
  CERT_AUTHORITY_INVALID: 'JD301',
  CERT_COMMON_NAME_INVALID: 'JD304',
  CERT_DATE_INVALID: 'JD306',
  CERT_VALIDITY_TOO_LONG: OWN.certificateMalformed,
  CERT_INVALID: OWN.certificateMalformed,
  CERT_NAME_CONSTRAINT_VIOLATION: OWN.certificateMalformed,
  SSL_KEY_USAGE_INCOMPATIBLE: OWN.certificateMalformed,
  SSL_UNRECOGNIZED_NAME_ALERT: 'JD304',
  SSL_PROTOCOL_ERROR: OWN.handshakeFailed,
  SSL_VERSION_OR_CIPHER_MISMATCH: OWN.handshakeFailed,
  ALPN_NEGOTIATION_FAILED: OWN.handshakeFailed,
  NAME_NOT_RESOLVED: 'JD501',
  NAME_RESOLUTION_FAILED: 'JD501',
  CONNECTION_REFUSED: OWN.nothingListens,
  ADDRESS_UNREACHABLE: OWN.timedOut,
  CONNECTION_TIMED_OUT: OWN.timedOut,
  TIMED_OUT: OWN.timedOut,
  CONNECTION_RESET: OWN.connectionLost,
  CONNECTION_CLOSED: OWN.connectionLost,
  CONNECTION_ABORTED: OWN.connectionLost,
  SOCKET_NOT_CONNECTED: OWN.connectionLost,
  EMPTY_RESPONSE: OWN.connectionLost,
  TOO_MANY_REDIRECTS: OWN.redirectLoop,
  HTTP2_PROTOCOL_ERROR: OWN.protocolBroken,
  HTTP2_SERVER_REFUSED_STREAM: OWN.protocolBroken,
  INVALID_HTTP_RESPONSE: OWN.protocolBroken,
  INVALID_CHUNKED_ENCODING: OWN.protocolBroken,
  INCOMPLETE_CHUNKED_ENCODING: OWN.protocolBroken,
  CONTENT_LENGTH_MISMATCH: OWN.protocolBroken,
  RESPONSE_HEADERS_TOO_BIG: OWN.protocolBroken,
  PROXY_CONNECTION_FAILED: OWN.proxyUnreachable,
  TUNNEL_CONNECTION_FAILED: OWN.proxyUnreachable,
  BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS: 'JD502',
  BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS: 'JD502',
  'BLOCKED_BY_RESPONSE.NotSameOrigin': 'JD215',
  'BLOCKED_BY_RESPONSE.NotSameSite': 'JD215',
  'BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep': 'JD215',
  BLOCKED_BY_CLIENT: OWN.blockedByClient,
};

/** The address stands before (`GET https://… net::ERR_…`) or behind (`net::ERR_… at https://…`) the code. */
const BEFORE = '(?:\\b[A-Z]{3,7} (?<url>https?://[^\\s\'"]{1,2000}) )?';
const BEHIND = '(?: at (?<target>https?://[^\\s\'"]{1,2000}))?';

/** Chromium's net errors. */
export const CHROMIUM_NET: readonly ErrorPattern[] = [
  ...Object.entries(ERRORS).map(
    ([name, says]): ErrorPattern => ({
      client: 'Chromium',
      pattern: new RegExp(`${BEFORE}(?:net::)?\\bERR_${name.replace('.', '\\.')}(?![\\w.])${BEHIND}`),
      says,
      reason: `ERR_${name}`,
      source: SOURCE,
    }),
  ),
  {
    client: 'Chromium',
    pattern: /net::ERR_BLOCKED_BY_RESPONSE(?![\w.])/,
    says: 'JD215',
    source: SOURCE,
  },
  { client: 'Chromium', pattern: /net::ERR_FAILED\b/, says: OWN.pageKnowsNothing, vague: 2, source: SOURCE },
  {
    client: 'Chromium',
    pattern: /TypeError: Failed to fetch|\bFailed to fetch\b/,
    says: OWN.pageKnowsNothing,
    vague: 2,
    source: 'Chromium, third_party/blink/renderer/core/fetch/fetch_manager.cc',
  },
  {
    client: 'Chromium',
    pattern: /AxiosError: Network Error|\bERR_NETWORK\b|message: 'Network Error'/,
    says: OWN.pageKnowsNothing,
    vague: 2,
    source: 'axios, AxiosError.ERR_NETWORK',
  },
  {
    client: 'Chromium',
    pattern: /An SSL certificate error occurred when fetching the script/,
    says: 'JD301',
    note: 'A service worker never accepts a certificate that was clicked through.',
    source: 'Chromium, service worker registration',
  },
  {
    client: 'Chromium',
    pattern: /\bYour connection is not private\b|\bPrivacy error\b/i,
    says: 'JD301',
    vague: 1,
    source: 'Chromium, components/security_interstitials',
  },
  {
    client: 'Chromium',
    pattern: /WebSocket connection to '(?<url>wss?:\/\/[^']{1,2000})' failed/,
    says: OWN.websocketFailed,
    vague: 1,
    source: 'Chromium, modules/websockets',
  },
];
