import type { FindingCode } from './codes.ts';
import type { FindingKind } from './types.ts';

type TlsCode = Extract<FindingCode, `JD3${string}`>;

/** TLS: who refused which certificate. */
export const TLS_FINDINGS: Readonly<Record<TlsCode, FindingKind>> = {
  JD301: {
    name: 'browser-distrusts-ca',
    severity: 'error',
    title: 'a browser refused the certificate',
    cause:
      'That browser does not trust the local CA. A fetch never shows the warning page: it says only "Failed to fetch", as exceptions are made for each host and only for pages that were opened. A service worker accepts no exception at all.',
    fixes: [
      { place: 'terminal', text: 'jwt-dev trust' },
      { place: 'terminal', text: 'jwt-dev open (a browser with a profile of its own that trusts the CA)' },
      { place: 'browser', text: 'For a quick look: open https://api.example.com/ once and accept.' },
      { place: 'Playwright', text: 'use: { ignoreHTTPSErrors: true } (service workers still fail)' },
    ],
    source: 'RFC 8446, 6.2: certificate_unknown (Chromium), bad_certificate (Firefox)',
  },
  JD302: {
    name: 'node-distrusts-ca',
    severity: 'error',
    title: 'a Node process does not trust the local CA',
    cause:
      'Node has its own list of CAs and does not look into the stores of the system. It closes the connection in the middle of the handshake; fetch says only "fetch failed".',
    fixes: [
      { place: 'terminal', text: 'jwt-dev exec -- npm run dev (sets NODE_EXTRA_CA_CERTS)' },
      { place: 'terminal', text: 'NODE_EXTRA_CA_CERTS="$(jwt-dev certs --path)" npm run dev' },
      { place: 'Node', text: 'Leave NODE_TLS_REJECT_UNAUTHORIZED alone: 0 trusts everybody.' },
    ],
    source: 'Node.js documentation, NODE_EXTRA_CA_CERTS',
  },
  JD303: {
    name: 'client-distrusts-ca',
    severity: 'error',
    title: 'curl, Python or another client does not trust the local CA',
    cause:
      'The client looks into a list of CAs that the local one is not in. Python’s requests and httpx bring a list of their own (certifi); Java has cacerts; OpenSSL clients read the system’s.',
    fixes: [
      {
        place: 'terminal',
        text: 'jwt-dev exec -- python smoke.py (sets SSL_CERT_FILE, REQUESTS_CA_BUNDLE and more)',
      },
      { place: 'terminal', text: 'eval "$(jwt-dev env)"' },
      { place: 'curl', text: 'curl --cacert "$(jwt-dev certs --path)" https://api.example.com/' },
      { place: 'terminal', text: 'jwt-dev trust --store system' },
    ],
    source: 'RFC 8446, 6.2: unknown_ca',
  },
  JD304: {
    name: 'name-not-in-certificate',
    severity: 'error',
    title: 'the certificate is not for this name',
    cause:
      'The name that the client asked for is not among those of the certificate. An IP address, localhost or a further subdomain is a name of its own; a wildcard covers one level only.',
    fixes: [
      { place: 'browser', text: 'Use the exact names: https://example.com and https://api.example.com.' },
      {
        place: 'jwt-dev.config.json',
        text: 'Add the host; the certificate is renewed with its name by itself.',
      },
      { place: 'terminal', text: 'jwt-dev certs (shows the names)' },
    ],
    source: 'RFC 9525, 6; RFC 2818, 3.1',
  },
  JD305: {
    name: 'http-on-tls-port',
    severity: 'error',
    title: 'plain http was spoken to the TLS port',
    cause:
      'The client did not begin with TLS: the URL says http:// and names the https port, or a proxy in front forwards without TLS.',
    fixes: [
      { place: 'fetch', text: "fetch('https://api.example.com/...')" },
      { place: 'terminal', text: 'jwt-dev status (shows the URLs with their ports)' },
    ],
    source: 'OpenSSL: http request; Node.js: ERR_SSL_HTTP_REQUEST',
  },
  JD306: {
    name: 'certificate-dates',
    severity: 'error',
    title: 'the certificate is expired or not yet valid',
    cause:
      'Either the certificate was not renewed, or the clock of this machine (or container, or WSL) is wrong.',
    fixes: [
      { place: 'terminal', text: 'jwt-dev certs --renew' },
      { place: 'terminal', text: 'date (WSL: sudo hwclock -s)' },
    ],
    source: 'RFC 5280, 4.1.2.5',
  },
};
