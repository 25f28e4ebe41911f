import { OWN } from '../own.ts';
import type { ErrorPattern } from '../types.ts';

const JSSE = 'OpenJDK, sun.security.validator and sun.security.util.HostnameChecker';
const GO = 'Go, crypto/x509 and net';

/** Java and Go. */
export const JAVA_AND_GO: readonly ErrorPattern[] = [
  {
    client: 'Java',
    pattern:
      /PKIX path building failed(?::[^\n]{0,200}?unable to find valid certification path to requested target)?|unable to find valid certification path to requested target/,
    says: 'JD303',
    fixes: [
      { place: 'terminal', text: 'jwt-dev trust --store java' },
      {
        place: 'Java',
        text: 'keytool -importcert -cacerts -alias jwt-dev -file "$(jwt-dev certs --path)"',
      },
    ],
    source: JSSE,
  },
  {
    client: 'Java',
    pattern: /No subject alternative DNS name matching (?<host>[^\s]{1,255}) found/,
    says: 'JD304',
    source: JSSE,
  },
  {
    client: 'Java',
    pattern:
      /No subject alternative names (?:present|matching IP address (?<host>[^\s]{1,60}) found)|No name matching (?<name>[^\s]{1,255}) found|Certificate for <(?<subject>[^>\s]{1,255})> doesn't match any of the subject alternative names/,
    says: 'JD304',
    source: JSSE,
  },
  {
    client: 'Java',
    pattern: /\bCertificateExpiredException\b|\bCertificateNotYetValidException\b/,
    says: 'JD306',
    source: JSSE,
  },
  {
    client: 'Java',
    pattern: /Unsupported or unrecognized SSL message|plaintext connection\?/,
    says: OWN.tlsToPlainPort,
    source: 'OpenJDK, sun.security.ssl.SSLSocketInputRecord',
  },
  {
    client: 'Java',
    pattern: /\bUnknownHostException: (?<host>[\w.-]{1,255})/,
    says: 'JD501',
    source: 'Java, java.net.UnknownHostException',
  },
  {
    client: 'Java',
    pattern: /\bConnectException: Connection refused\b/,
    says: OWN.nothingListens,
    source: 'Java, java.net.ConnectException',
  },
  {
    client: 'Go',
    pattern: /x509: certificate signed by unknown authority|x509: "[^"\n]{0,200}" certificate is not trusted/,
    says: 'JD303',
    source: GO,
  },
  {
    client: 'Go',
    pattern:
      /x509: certificate is (?:valid for [^\n]{1,300}?, not (?<host>[\w.:-]{1,255})|not valid for any names)/,
    says: 'JD304',
    source: GO,
  },
  { client: 'Go', pattern: /x509: certificate has expired or is not yet valid/, says: 'JD306', source: GO },
  {
    client: 'Go',
    pattern: /x509: [^\n]{0,200}?is not permitted by any constraint/,
    says: OWN.certificateMalformed,
    source: GO,
  },
  {
    client: 'Go',
    pattern: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/,
    says: OWN.tlsToPlainPort,
    source: 'Go, net/http and crypto/tls',
  },
  {
    client: 'Go',
    pattern: /lookup (?<host>[\w.-]{1,255})(?: on [\w.:[\]]{1,80})?: no such host/,
    says: 'JD501',
    source: GO,
  },
  {
    client: 'Go',
    pattern: /dial tcp [^\s]{1,120}: connect: connection refused/,
    says: OWN.nothingListens,
    source: GO,
  },
];
