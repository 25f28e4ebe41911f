import { OWN } from '../own.ts';
import type { ErrorPattern } from '../types.ts';

const TLS = 'Node.js documentation, tls: X509 certificate error codes';
const SYSTEM = 'Node.js documentation, Errors: common system errors';
const UNDICI = 'undici documentation, Errors';

/** Node: system errors, TLS, fetch. */
export const NODE: readonly ErrorPattern[] = [
  {
    client: 'Node',
    pattern:
      /\b(?:UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|UNABLE_TO_GET_ISSUER_CERT|CERT_UNTRUSTED)\b/,
    says: 'JD302',
    source: TLS,
  },
  {
    client: 'Node',
    pattern:
      /Hostname\/IP does not match certificate's altnames: (?:Host|IP): (?<host>[^\s'"]{1,255})\. is not (?:in|cert's CN)/,
    says: 'JD304',
    source: 'Node.js, tls.checkServerIdentity',
  },
  { client: 'Node', pattern: /\bERR_TLS_CERT_ALTNAME_INVALID\b/, says: 'JD304', source: TLS },
  { client: 'Node', pattern: /\b(?:CERT_HAS_EXPIRED|CERT_NOT_YET_VALID)\b/, says: 'JD306', source: TLS },
  {
    client: 'Node',
    pattern:
      /\b(?:INVALID_PURPOSE|INVALID_CA|PERMITTED_VIOLATION|EXCLUDED_VIOLATION|CERT_SIGNATURE_FAILURE)\b/,
    says: OWN.certificateMalformed,
    source: TLS,
  },
  {
    client: 'Node',
    pattern: /listen EACCES[^\n]{0,80}?:(?<port>\d{1,5})\b/,
    says: 'JD503',
    source: SYSTEM,
  },
  { client: 'Node', pattern: /\blisten EACCES\b|\bERR_PRIVILEGE_REQUIRED\b/, says: 'JD503', source: SYSTEM },
  {
    client: 'Node',
    pattern: /\bEADDRINUSE\b(?:[^\n]{0,80}?:(?<port>\d{1,5})\b)?/,
    says: 'JD504',
    source: SYSTEM,
  },
  {
    client: 'Node',
    pattern: /\bECONNREFUSED (?<host>[\w.:[\]-]{1,255}):(?<port>\d{1,5})\b/,
    says: OWN.nothingListens,
    source: SYSTEM,
  },
  { client: 'Node', pattern: /\bECONNREFUSED\b/, says: OWN.nothingListens, source: SYSTEM },
  {
    client: 'Node',
    pattern: /\b(?:ENOTFOUND|EAI_AGAIN) (?<host>[\w.-]{1,255})/,
    says: 'JD501',
    source: SYSTEM,
  },
  { client: 'Node', pattern: /\b(?:ENOTFOUND|EAI_AGAIN)\b/, says: 'JD501', source: SYSTEM },
  {
    client: 'Node',
    pattern:
      /\b(?:ECONNRESET|EPIPE)\b|\bsocket hang up\b|\bClient network socket disconnected before secure TLS connection/,
    says: OWN.connectionLost,
    source: SYSTEM,
  },
  {
    client: 'Node',
    pattern: /\b(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b/,
    says: OWN.timedOut,
    source: SYSTEM,
  },
  {
    client: 'Node',
    pattern: /\bUND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT\b/,
    says: OWN.timedOut,
    source: UNDICI,
  },
  {
    client: 'Node',
    pattern: /\bUND_ERR_(?:SOCKET|CLOSED|DESTROYED)\b|SocketError: other side closed/,
    says: OWN.connectionLost,
    source: UNDICI,
  },
  {
    client: 'Node',
    pattern:
      /\bUND_ERR_(?:HEADERS_OVERFLOW|RES_CONTENT_LENGTH_MISMATCH|RESPONSE_STATUS_CODE)\b|\bHPE_[A-Z_]{1,60}/,
    says: OWN.protocolBroken,
    source: UNDICI,
  },
  {
    client: 'Node',
    pattern: /\bUND_ERR_PRX_TLS\b|Proxy response \(\d{3}\) ?!== 200 when HTTP Tunneling/,
    says: OWN.proxyUnreachable,
    source: UNDICI,
  },
  {
    client: 'Node',
    pattern: /(?:^|\W)fetch failed\b/,
    says: OWN.nodeFetchFailed,
    vague: 2,
    source: 'undici, lib/web/fetch/index.js',
  },
];
