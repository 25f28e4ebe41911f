import { OWN } from '../own.ts';
import type { ErrorPattern } from '../types.ts';

const ALERTS = 'RFC 8446, 6.2 error alerts; OpenSSL, ssl/ssl_stat.c';
const VERIFY = 'OpenSSL, crypto/x509/x509_txt.c';

/** OpenSSL: alerts as the terminal shows them, and sentences that curl, Node, Python and openssl share. */
export const OPENSSL: readonly ErrorPattern[] = [
  {
    client: 'OpenSSL',
    pattern:
      /\bERR_SSL_SSL(?:V3|\/TLS)_ALERT_(?:CERTIFICATE_UNKNOWN|BAD_CERTIFICATE)\b|\balert (?:certificate unknown|bad certificate)\b|\bfatal alert: (?:certificate_unknown|bad_certificate)\b/i,
    says: 'JD301',
    note: 'The other side, a browser or Java, said so in the handshake.',
    source: ALERTS,
  },
  {
    client: 'OpenSSL',
    pattern:
      /\bERR_SSL_TLSV1_ALERT_UNKNOWN_CA\b|\bTLSV1_ALERT_UNKNOWN_CA\b|\balert unknown ca\b|\bfatal alert: unknown_ca\b/i,
    says: 'JD303',
    note: 'The other side said so in the handshake: curl, Python and other OpenSSL clients send this alert.',
    source: ALERTS,
  },
  {
    client: 'OpenSSL',
    pattern:
      /\bERR_SSL_HTTP_REQUEST\b|\bSSL routines:[\w:]{0,60}:?http request\b|Client sent an HTTP request to an HTTPS server|The plain HTTP request was sent to HTTPS port/,
    says: 'JD305',
    source: 'OpenSSL, ssl/record; nginx, 400; Go, net/http',
  },
  {
    client: 'OpenSSL',
    pattern:
      /\bERR_SSL_(?:TLSV1_)?(?:ALERT_)?UNRECOGNIZED_NAME\b|\balert unrecognized name\b|\bunrecognized_name\b|\btlsv1 unrecognized name\b/i,
    says: 'JD304',
    note: 'The server has no certificate for the name that was asked for.',
    source: ALERTS,
  },
  {
    client: 'OpenSSL',
    pattern:
      /\bERR_SSL_(?:TLSV1_ALERT_)?NO_APPLICATION_PROTOCOL\b|\balert no application protocol\b|\bno_application_protocol\b/i,
    says: 'JD304',
    note: 'This is how the proxy of an environment refuses a name that it has no certificate for.',
    source: ALERTS,
  },
  {
    client: 'OpenSSL',
    pattern: /\bERR_SSL_SSL(?:V3|\/TLS)_ALERT_CERTIFICATE_EXPIRED\b|\balert certificate expired\b/i,
    says: 'JD306',
    source: ALERTS,
  },
  {
    client: 'OpenSSL',
    pattern:
      /\bERR_SSL_WRONG_VERSION_NUMBER\b|\bwrong version number\b|\bWRONG_VERSION_NUMBER\b|\bpacket length too long\b/i,
    says: OWN.tlsToPlainPort,
    source: 'OpenSSL, ssl/record: the first bytes are no TLS record',
  },
  {
    client: 'OpenSSL',
    pattern:
      /\bERR_SSL_(?:\w{0,20}HANDSHAKE_FAILURE|UNSUPPORTED_PROTOCOL|TLSV1_ALERT_(?:PROTOCOL_VERSION|INTERNAL_ERROR|DECODE_ERROR)|NO_SHARED_CIPHER|UNEXPECTED_EOF_WHILE_READING)\b|\balert (?:handshake failure|protocol version|internal error)\b|\bno shared cipher\b/i,
    says: OWN.handshakeFailed,
    source: ALERTS,
  },
  {
    client: 'OpenSSL',
    pattern: /\bpermitted subtree violation\b|\bexcluded subtree violation\b/i,
    says: OWN.certificateMalformed,
    note: 'The local CA may sign for the names of its project only.',
    source: VERIFY,
  },
  {
    client: 'OpenSSL',
    pattern:
      /\bMissing (?:Authority|Subject) Key Identifier\b|\bBasic Constraints of CA cert not marked critical\b|\bCA cert does not include key usage extension\b|\binvalid CA certificate\b/i,
    says: OWN.certificateMalformed,
    source: VERIFY,
  },
  {
    client: 'OpenSSL',
    pattern:
      /\bunable to get (?:local )?issuer certificate\b|\bunable to verify the first certificate\b|\bself[- ]signed certificate\b/i,
    says: 'JD303',
    vague: 1,
    source: VERIFY,
  },
  {
    client: 'OpenSSL',
    pattern: /\bcertificate has expired\b|\bcertificate is not yet valid\b/i,
    says: 'JD306',
    source: VERIFY,
  },
  {
    client: 'OpenSSL',
    pattern: /\bhostname mismatch\b/i,
    says: 'JD304',
    vague: 1,
    source: VERIFY,
  },
];
