// The proxy by itself in a process of its own, with the watch over live traffic or without it. One line tells its port.
//   node watched-proxy.mjs <upstream port> <key file> <chain file> with|without
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openWatch } from '../../dist/environment/watch/open-watch.js';
import { createProxy } from '../../dist/proxy/server.js';

const [upstreamPort, keyFile, chainFile, mode] = process.argv.slice(2);
const hosts = { frontend: 'example.com', api: 'api.example.com' };
let port = 0;
const watch = openWatch(
  {
    frontend: { hostname: hosts.frontend },
    api: { hostname: hosts.api },
    extraHosts: [],
    findings: { silence: [] },
    auth: { cookies: { accessName: 'jwt-access-token', refreshName: 'jwt-refresh-token' } },
  },
  {
    port: () => port,
    now: () => new Date(),
    onFinding: () => undefined,
    onWarning: (text) => process.stderr.write(`${text}\n`),
  },
);
const observers = {
  onExchange: watch.onExchange,
  onTlsFailure: watch.onTlsFailure,
  canary: { hostname: hosts.frontend, site: hosts.frontend },
};
const proxy = createProxy({
  tls: { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(chainFile, 'utf8') },
  hostnames: Object.values(hosts),
  addresses: ['127.0.0.1'],
  httpsPort: 0,
  httpPort: null,
  frontendOrigin: () => `https://${hosts.frontend}`,
  now: () => new Date(),
  newId: randomUUID,
  onNotice: watch.onNotice,
  platform: process.platform,
  run: () => Promise.reject(new Error('no command is run here')),
  ...(mode === 'with' ? observers : {}),
});
proxy.setRoutes(
  Object.entries(hosts).map(([role, hostname]) => ({
    hostname,
    role,
    upstream: { kind: 'port', port: Number(upstreamPort), label: `port ${upstreamPort}` },
    paths: [],
  })),
);
port = (await proxy.listen()).httpsPort;
process.stdout.write(`${port}\n`);
process.once(
  'SIGTERM',
  () =>
    void watch.findings().then((report) => {
      process.stdout.write(
        `${JSON.stringify({ skipped: report.skipped, findings: report.findings.length })}\n`,
      );
      process.exit(0);
    }),
);
