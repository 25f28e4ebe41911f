import type { FindingCode } from '../../findings/codes.ts';
import { OWN } from '../own.ts';
import type { ErrorPattern, OwnExplanation } from '../types.ts';

const CORS_SOURCE = 'MDN, CORS errors; Firefox, dom/locales/en-US/chrome/security/security.properties';
const COOKIE_SOURCE = 'Firefox, netwerk/locales/en-US/necko.properties';
const TLS_SOURCE = 'Firefox, security/nss and mozilla::pkix error codes';

const BLOCKED =
  '(?:Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at (?<url>[^\\s(]{1,2000}) \\(Reason: |\\bReason: )';
const STATUS = '(?:\\)\\. Status code: (?<status>\\d{3}))?';

/** MDN's reasons; the first words decide. */
const REASONS: readonly (readonly [words: string, says: FindingCode | OwnExplanation])[] = [
  ["CORS header 'Access-Control-Allow-Origin' missing", 'JD206'],
  ["CORS header 'Access-Control-Allow-Origin' does not match '(?<value>[^']{0,500})'", 'JD203'],
  ["Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '\\*'", 'JD201'],
  ["expected 'true' in CORS header 'Access-Control-Allow-Credentials'", 'JD202'],
  ["Multiple CORS header 'Access-Control-Allow-Origin' not allowed", 'JD205'],
  ["Did not find method in CORS header 'Access-Control-Allow-Methods'", 'JD210'],
  [
    "invalid token '(?<value>[^']{0,500})' in CORS header 'Access-Control-Allow-(?:Methods|Headers)'",
    'JD211',
  ],
  ["missing token '(?<header>[^']{1,100})' in CORS header 'Access-Control-Allow-Headers'", 'JD209'],
  [
    "header '(?<header>[^']{1,100})' is not allowed according to header 'Access-Control-Allow-Headers'",
    'JD209',
  ],
  ['CORS preflight (?:channel|response) did not succeed', 'JD208'],
  ['CORS request external redirect not allowed', 'JD212'],
  ['CORS request not HTTP', OWN.corsNotHttp],
  ["CORS header 'Origin' cannot be added", OWN.corsRefused],
  ['CORS disabled', OWN.corsRefused],
  ['CORS request did not succeed', OWN.pageKnowsNothing],
];

const COOKIES: readonly (readonly [words: string, says: FindingCode])[] = [
  ['has been rejected for invalid domain', 'JD440'],
  ['has been rejected for invalid prefix', 'JD442'],
  ['has been rejected for invalid characters', 'JD446'],
  [
    'has been rejected because it has the "SameSite=None" attribute but is missing the "secure" attribute',
    'JD441',
  ],
  ['(?:has been|will be soon) rejected because it is in a cross-site context', 'JD445'],
  ['(?:has been|will be soon) rejected because it is foreign', 'JD445'],
  ['has been rejected as third-party', 'JD445'],
  ['has been rejected because a non-HTTPS cookie can\'t be set as "?secure"?', 'JD443'],
  ['has been rejected because there is already an existing "?secure"? cookie', 'JD443'],
  ['is invalid because its size is too big', 'JD444'],
];

const CODES: Readonly<Record<string, FindingCode | OwnExplanation>> = {
  SEC_ERROR_UNKNOWN_ISSUER: 'JD301',
  SEC_ERROR_CA_CERT_INVALID: 'JD301',
  SEC_ERROR_UNTRUSTED_ISSUER: 'JD301',
  MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT: 'JD301',
  MOZILLA_PKIX_ERROR_MITM_DETECTED: 'JD301',
  MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY: OWN.certificateMalformed,
  MOZILLA_PKIX_ERROR_ADDITIONAL_POLICY_CONSTRAINT_FAILED: OWN.certificateMalformed,
  MOZILLA_PKIX_ERROR_V1_CERT_USED_AS_CA: OWN.certificateMalformed,
  SEC_ERROR_CERT_NOT_IN_NAME_SPACE: OWN.certificateMalformed,
  SEC_ERROR_REUSED_ISSUER_AND_SERIAL: OWN.certificateMalformed,
  SEC_ERROR_BAD_SIGNATURE: OWN.certificateMalformed,
  SSL_ERROR_BAD_CERT_DOMAIN: 'JD304',
  SSL_ERROR_UNRECOGNIZED_NAME_ALERT: 'JD304',
  SEC_ERROR_EXPIRED_CERTIFICATE: 'JD306',
  SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE: 'JD306',
  MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE: 'JD306',
  MOZILLA_PKIX_ERROR_NOT_YET_VALID_ISSUER_CERTIFICATE: 'JD306',
  SSL_ERROR_RX_RECORD_TOO_LONG: OWN.tlsToPlainPort,
  SSL_ERROR_NO_CYPHER_OVERLAP: OWN.handshakeFailed,
  SSL_ERROR_UNSUPPORTED_VERSION: OWN.handshakeFailed,
  SSL_ERROR_NEXT_PROTOCOL_NO_PROTOCOL: OWN.handshakeFailed,
  SSL_ERROR_INTERNAL_ERROR_ALERT: OWN.handshakeFailed,
  PR_CONNECT_RESET_ERROR: OWN.connectionLost,
  PR_END_OF_FILE_ERROR: OWN.connectionLost,
  NS_ERROR_NET_RESET: OWN.connectionLost,
  NS_ERROR_NET_INTERRUPT: OWN.connectionLost,
  NS_ERROR_NET_EMPTY_RESPONSE: OWN.connectionLost,
  NS_ERROR_CONNECTION_REFUSED: OWN.nothingListens,
  NS_ERROR_UNKNOWN_HOST: 'JD501',
  NS_ERROR_NET_TIMEOUT: OWN.timedOut,
  NS_ERROR_NET_TIMEOUT_EXTERNAL: OWN.timedOut,
  NS_ERROR_REDIRECT_LOOP: OWN.redirectLoop,
  NS_ERROR_UNKNOWN_PROXY_HOST: OWN.proxyUnreachable,
  NS_ERROR_PROXY_CONNECTION_REFUSED: OWN.proxyUnreachable,
  NS_ERROR_PROXY_FORBIDDEN: OWN.proxyUnreachable,
  NS_ERROR_NET_HTTP2_SENT_GOAWAY: OWN.protocolBroken,
  NS_ERROR_NET_INADEQUATE_SECURITY: OWN.handshakeFailed,
  NS_ERROR_DOM_CORP_FAILED: 'JD215',
};

/** Firefox: console, cookie messages, error pages. */
export const FIREFOX: readonly ErrorPattern[] = [
  ...REASONS.map(
    ([words, says]): ErrorPattern => ({
      client: 'Firefox',
      pattern: new RegExp(`${BLOCKED}${words}${STATUS}`),
      says,
      ...(says === OWN.pageKnowsNothing ? { vague: 1 } : {}),
      source: CORS_SOURCE,
    }),
  ),
  ...COOKIES.map(
    ([words, says]): ErrorPattern => ({
      client: 'Firefox',
      pattern: new RegExp(`Cookie "(?<cookie>[^"\\n]{1,200})" ${words}`),
      says,
      source: COOKIE_SOURCE,
    }),
  ),
  ...Object.entries(CODES).map(
    ([code, says]): ErrorPattern => ({
      client: 'Firefox',
      pattern: new RegExp(`\\b${code}\\b`),
      says,
      source: TLS_SOURCE,
    }),
  ),
  {
    client: 'Firefox',
    pattern: /Request to access cookie or storage on "(?<url>[^"\n]{1,2000})" was blocked/,
    says: 'JD445',
    source: 'Firefox, Storage access policy errors (MDN)',
  },
  {
    client: 'Firefox',
    pattern: /Blocked loading mixed active content "(?<url>[^"\n]{1,2000})"/,
    says: 'JD213',
    source: 'Firefox, security.properties: BlockMixedActiveContent',
  },
  {
    client: 'Firefox',
    pattern:
      /The resource at "(?<url>[^"\n]{1,2000})" was blocked due to its Cross-Origin-Resource-Policy header/,
    says: 'JD215',
    source: 'Firefox, security.properties: CORPBlocked',
  },
  {
    client: 'Firefox',
    pattern: /NetworkError when attempting to fetch resource/,
    says: OWN.pageKnowsNothing,
    vague: 2,
    source: 'Firefox, dom/bindings/Errors.msg: MSG_FETCH_FAILED',
  },
  {
    client: 'Firefox',
    pattern: /Did Not Connect: Potential Security Issue|Warning: Potential Security Risk Ahead/,
    says: 'JD301',
    vague: 1,
    source: 'Firefox, aboutNetError',
  },
  {
    client: 'Firefox',
    pattern: /Firefox can't establish a connection to the server at (?<url>(?:wss?:)?[^\s]{1,300})/,
    says: OWN.nothingListens,
    vague: 1,
    source: 'Firefox, aboutNetError: connectionFailure',
  },
];
