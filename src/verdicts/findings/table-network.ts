import type { FindingCode } from './codes.ts';
import type { FindingKind } from './types.ts';

type NetworkCode = Extract<FindingCode, `JD5${string}` | `JD6${string}`>;

/** Names, ports, and the servers behind the proxy. */
export const NETWORK_FINDINGS: Readonly<Record<NetworkCode, FindingKind>> = {
  JD501: {
    name: 'name-leads-elsewhere',
    severity: 'error',
    title: 'a name does not lead here',
    cause:
      'The name is unknown, or it leads to the real site on the Internet. Tests would send their passwords there. Each program looks names up in its own way: secure DNS, containers, WSL and VPNs do not read this hosts file.',
    fixes: [
      { place: 'terminal', text: 'jwt-dev hosts --apply' },
      {
        place: 'terminal',
        text: 'jwt-dev up --rootless (no hosts entries: clients come through a forward proxy)',
      },
      { place: 'terminal', text: 'jwt-dev doctor --only N1,N7' },
    ],
    source: 'hosts(5); getaddrinfo(3)',
  },
  JD502: {
    name: 'local-network-access',
    severity: 'error',
    title: 'Local Network Access stops the request',
    cause:
      'The page counts as public and the API as local: Chrome since 142 and Firefox ask, or refuse before the request leaves. It happens where only one name is mapped to this machine, behind tunnels, and where Playwright’s route.fulfill answers the page itself.',
    fixes: [
      { place: 'terminal', text: 'jwt-dev hosts --apply (both names, or neither)' },
      { place: 'Playwright', text: "browser.newContext({ permissions: ['local-network-access'] })" },
      { place: 'Playwright', text: 'route.continue() instead of route.fulfill() for the page' },
    ],
    source: 'WICG Local Network Access; Chromium: LocalNetworkAccessPermissionDenied, InsecureLocalNetwork',
  },
  JD503: {
    name: 'port-privileged',
    severity: 'error',
    title: 'the port needs a privilege',
    cause: 'On Linux, ports below 1024 are for root unless the system says otherwise.',
    fixes: [
      { place: 'terminal', text: 'jwt-dev up --rootless' },
      { place: 'terminal', text: 'sudo sysctl net.ipv4.ip_unprivileged_port_start=443' },
      { place: 'terminal', text: 'jwt-dev up --https-port 8443' },
    ],
    source: 'ip(7), ip_unprivileged_port_start; capabilities(7), CAP_NET_BIND_SERVICE',
  },
  JD504: {
    name: 'port-taken',
    severity: 'error',
    title: 'the port is taken',
    cause: 'Another process listens there: another environment, nginx, Apache, Docker.',
    fixes: [
      { place: 'terminal', text: 'jwt-dev down' },
      { place: 'terminal', text: 'jwt-dev up --https-port 8443' },
      { place: 'terminal', text: 'jwt-dev doctor' },
    ],
    source: 'bind(2), EADDRINUSE',
  },
  JD601: {
    name: 'dev-server-refuses-host',
    severity: 'error',
    title: 'a dev server refuses the host',
    cause:
      'Dev servers and frameworks accept only names that they know, against DNS rebinding. Ours is not among them.',
    fixes: [
      { place: 'Vite', text: "server: { allowedHosts: ['example.com'] }" },
      { place: 'Nuxt', text: "vite: { server: { allowedHosts: ['example.com'] } }" },
      { place: 'Next.js', text: "allowedDevOrigins: ['example.com']" },
      { place: 'Django', text: "ALLOWED_HOSTS = ['api.example.com']" },
      {
        place: 'webpack',
        text: "devServer: { allowedHosts: ['example.com'], client: { webSocketURL: 'auto://0.0.0.0:0/ws' } }",
      },
      { place: 'Angular', text: '"allowedHosts": ["example.com"] in the options of serve in angular.json' },
      {
        place: 'jwt-dev.config.json',
        text: '"frontend": { "command": "npm run dev" } (started like this, it is told the host)',
      },
    ],
    source: 'Vite, server.allowedHosts; Next.js, allowedDevOrigins; Django, ALLOWED_HOSTS',
  },
  JD602: {
    name: 'upstream-ipv6-only',
    severity: 'info',
    title: 'the server answers on ::1 only',
    cause:
      'localhost is two addresses, and the server listens on one of them. The proxy tries both; other programs may not.',
    fixes: [{ place: 'Vite', text: "server: { host: '127.0.0.1' }" }],
    source: 'RFC 6761, 6.3; getaddrinfo(3)',
  },
  JD603: {
    name: 'upstream-silent',
    severity: 'error',
    title: 'the server behind the proxy does not answer',
    cause: 'Nothing listens on its port, it closed the connection, or it took too long.',
    fixes: [
      { place: 'terminal', text: 'jwt-dev status' },
      { place: 'terminal', text: 'jwt-dev logs' },
      { place: 'terminal', text: 'jwt-dev up --frontend 5173 --api 8000 (the ports that your servers say)' },
    ],
    source: 'RFC 9110, 15.6.3 502 Bad Gateway, 15.6.5 504 Gateway Timeout',
  },
};
