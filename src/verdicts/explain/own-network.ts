import type { OwnExplanation } from './types.ts';

const STATUS = { place: 'terminal', text: 'jwt-dev status' } as const;
const UP = { place: 'terminal', text: 'jwt-dev up' } as const;
const DOCTOR = { place: 'terminal', text: 'jwt-dev doctor' } as const;
const LOGS = { place: 'terminal', text: 'jwt-dev logs' } as const;

/** Connections, TLS and proxies. */
export const NETWORK_ERRORS = {
  nothingListens: {
    name: 'connection-refused',
    severity: 'error',
    title: 'nothing listens at that address and port',
    cause:
      'The name was found, and that machine has no server on that port: the environment or your dev server does not run, runs on another port, or listens on the other loopback address (127.0.0.1 or ::1).',
    fixes: [STATUS, UP, { place: 'terminal', text: 'jwt-dev wait (before tests start)' }],
  },
  connectionLost: {
    name: 'connection-lost',
    severity: 'error',
    title: 'the connection was closed in the middle',
    cause:
      'The other side hung up without an answer: it crashed or restarted, a kept-alive connection had just ended, or during the TLS handshake one side did not like the other (an untrusted CA looks like this from Node).',
    fixes: [LOGS, DOCTOR, { place: 'terminal', text: 'jwt-dev trust --check' }],
  },
  timedOut: {
    name: 'timeout',
    severity: 'error',
    title: 'no answer in time',
    cause:
      'Packets go nowhere (a firewall, a VPN, a wrong address in the hosts file), or the server takes the request and does not answer.',
    fixes: [DOCTOR, LOGS, STATUS],
  },
  tlsToPlainPort: {
    name: 'tls-to-plain-port',
    severity: 'error',
    title: 'TLS was spoken to something that is no TLS server',
    cause:
      'The URL says https, and the port belongs to a plain http server: mostly https://localhost:5173 instead of the https URL of the environment, or a proxy variable that names an http proxy with https://.',
    fixes: [
      {
        place: 'browser',
        text: 'Use https://example.com, or http://localhost:5173 for the dev server itself.',
      },
      STATUS,
    ],
  },
  handshakeFailed: {
    name: 'tls-handshake-failed',
    severity: 'error',
    title: 'the TLS handshake failed',
    cause:
      'Something else than TLS answered on that port, the name is not one of this environment (its proxy refuses such a handshake), or the two sides have no version or cipher in common.',
    fixes: [
      STATUS,
      { place: 'terminal', text: 'jwt-dev certs (shows the names)' },
      { place: 'curl', text: 'curl -v https://api.example.com/' },
    ],
  },
  certificateMalformed: {
    name: 'certificate-not-accepted',
    severity: 'error',
    title: 'the certificate breaks a rule',
    cause:
      'The CA is known, and still the chain is refused: a name outside of what the CA may sign for, a missing extension (Python 3.13 and newer are strict), or a lone self-signed certificate that serves as its own CA.',
    fixes: [
      { place: 'terminal', text: 'jwt-dev certs --renew authority' },
      { place: 'terminal', text: 'jwt-dev trust' },
    ],
  },
  caFileUnreadable: {
    name: 'ca-file-unreadable',
    severity: 'error',
    title: 'the CA file cannot be read',
    cause:
      'A variable or an option names a file of CAs that does not exist (any more), or is no PEM: CURL_CA_BUNDLE, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, NODE_EXTRA_CA_CERTS, --cacert.',
    fixes: [
      { place: 'terminal', text: 'jwt-dev certs --path' },
      { place: 'terminal', text: 'eval "$(jwt-dev env)"' },
    ],
  },
  redirectLoop: {
    name: 'redirect-loop',
    severity: 'error',
    title: 'redirects in a circle',
    cause:
      'Behind a TLS proxy the backend sees http. If it redirects to https without looking at X-Forwarded-Proto, it does so for ever. A login page that redirects to itself for want of a cookie looks the same.',
    fixes: [
      { place: 'Django', text: "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')" },
      { place: 'Express', text: "app.set('trust proxy', 'loopback')" },
    ],
  },
  protocolBroken: {
    name: 'protocol-error',
    severity: 'error',
    title: 'the answer is no valid HTTP',
    cause:
      'The server sent something that the client cannot read: forbidden headers in HTTP/2, a control character in a header, a body that is longer or shorter than announced, or headers that are too large (many cookies).',
    fixes: [
      LOGS,
      { place: 'browser', text: 'DevTools, Application, Cookies: delete those that are not needed.' },
    ],
  },
  proxyUnreachable: {
    name: 'forward-proxy',
    severity: 'error',
    title: 'the forward proxy refused or is gone',
    cause:
      'A proxy variable or a browser setting names a forward proxy that does not run any more, or that does not carry this name: the one of a rootless environment carries only the names of its project.',
    fixes: [
      STATUS,
      { place: 'terminal', text: 'eval "$(jwt-dev env)"' },
      { place: 'terminal', text: 'jwt-dev exec -- npx playwright test' },
    ],
  },
} as const satisfies Readonly<Record<string, OwnExplanation>>;
