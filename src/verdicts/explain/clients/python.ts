import type { FindingCode } from '../../findings/codes.ts';
import { OWN } from '../own.ts';
import type { ErrorPattern, OwnExplanation } from '../types.ts';

const SSL = 'Python, ssl.SSLCertVerificationError';
const VERIFY = /\[?(?:SSL: )?CERTIFICATE_VERIFY_FAILED\]? certificate verify failed: /.source;

const REASONS: readonly (readonly [words: string, says: FindingCode | OwnExplanation])[] = [
  ["Hostname mismatch, certificate is not valid for '(?<host>[^'\\s]{1,255})'", 'JD304'],
  ["IP address mismatch, certificate is not valid for '(?<host>[^'\\s]{1,255})'", 'JD304'],
  ['certificate has expired', 'JD306'],
  ['certificate is not yet valid', 'JD306'],
  ['unable to get (?:local )?issuer certificate', 'JD303'],
  ['unable to verify the first certificate', 'JD303'],
  ['self[- ]signed certificate(?: in certificate chain)?', 'JD303'],
  ['(?:permitted|excluded) subtree violation', OWN.certificateMalformed],
  ['Missing (?:Authority|Subject) Key Identifier', OWN.certificateMalformed],
  ['Basic Constraints of CA cert not marked critical', OWN.certificateMalformed],
  ['CA cert does not include key usage extension', OWN.certificateMalformed],
  ['invalid CA certificate', OWN.certificateMalformed],
];

/** Python: ssl, urllib3, requests, httpx. */
export const PYTHON: readonly ErrorPattern[] = [
  ...REASONS.map(
    ([words, says]): ErrorPattern => ({
      client: 'Python',
      pattern: new RegExp(VERIFY + words),
      says,
      source: SSL,
    }),
  ),
  { client: 'Python', pattern: /\bCERTIFICATE_VERIFY_FAILED\b/, says: 'JD303', vague: 1, source: SSL },
  {
    client: 'Python',
    pattern: /Could not find a suitable TLS CA certificate bundle, invalid path: (?<value>[^\s]{1,500})/,
    says: OWN.caFileUnreadable,
    source: 'requests, adapters.py: cert_verify',
  },
  {
    client: 'Python',
    pattern: /Failed to resolve '(?<host>[^'\s]{1,255})'/,
    says: 'JD501',
    source: 'urllib3, NameResolutionError',
  },
  {
    client: 'Python',
    pattern:
      /\bNameResolutionError\b|\[Errno -[235]\] (?:Name or service not known|Temporary failure in name resolution|No address associated with hostname)|\[Errno 8\] nodename nor servname provided|\bsocket\.gaierror\b|\bgetaddrinfo failed\b/,
    says: 'JD501',
    source: 'Python, socket.gaierror; getaddrinfo(3)',
  },
  {
    client: 'Python',
    pattern: /\[(?:Errno (?:111|61)|WinError 10061)\] |\bConnectionRefusedError\b/,
    says: OWN.nothingListens,
    source: 'Python, ConnectionRefusedError; errno(3)',
  },
  {
    client: 'Python',
    pattern:
      /\bRemoteDisconnected\(|Remote end closed connection without response|\bConnectionResetError\b|\[Errno (?:104|54)\] |Server disconnected without sending a response/,
    says: OWN.connectionLost,
    source: 'Python, http.client.RemoteDisconnected; httpx.RemoteProtocolError',
  },
  {
    client: 'Python',
    pattern: /\bTooManyRedirects\b|Exceeded (?<value>\d{1,4}) redirects/,
    says: OWN.redirectLoop,
    source: 'requests, TooManyRedirects',
  },
  {
    client: 'Python',
    pattern: /\bProxyError\(|Cannot connect to proxy\b|Tunnel connection failed: (?<status>\d{3})/,
    says: OWN.proxyUnreachable,
    source: 'urllib3, ProxyError',
  },
  {
    client: 'Python',
    pattern: /\b(?:ConnectTimeoutError|ReadTimeoutError|ConnectTimeout|ReadTimeout)\b/,
    says: OWN.timedOut,
    source: 'urllib3, requests, httpx: timeouts',
  },
];
