import type http from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { generate } from 'selfsigned';
import { createProxy } from '../../src/proxy/server.ts';
import type { Exchange, Proxy, ProxyDeps, ProxyListening, Route } from '../../src/proxy/types.ts';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A self-signed certificate for the names; it is its own CA. */
export async function makeCertificate(names: readonly string[]): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: names[0] ?? 'example.com' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2 as const, value })) }],
  });
  return { key: made.private, cert: made.cert };
}

export interface RunningProxy extends ProxyListening {
  readonly proxy: Proxy;
  readonly certificate: Certificate;
  readonly exchanges: Exchange[];
  close(): Promise<void>;
}

export const HOSTNAMES = ['example.com', 'api.example.com'] as const;

let shared: Promise<Certificate> | undefined;

/** A proxy on free loopback ports. Every route is made by `portRoute` or by hand; null: none is known yet. */
export async function startProxy(
  routes: readonly Route[] | null,
  overrides: Partial<ProxyDeps> = {},
): Promise<RunningProxy> {
  shared ??= makeCertificate(HOSTNAMES);
  const certificate = overrides.tls ?? (await shared);
  const exchanges: Exchange[] = [];
  let ids = 0;
  const proxy = createProxy({
    tls: certificate,
    hostnames: HOSTNAMES,
    addresses: ['127.0.0.1'],
    httpsPort: 0,
    httpPort: 0,
    frontendOrigin: () => 'https://example.com',
    onExchange: (exchange) => exchanges.push(exchange),
    now: () => new Date(),
    newId: () => {
      ids += 1;
      return `id${ids}`;
    },
    platform: 'linux',
    run: () => Promise.reject(new Error('no command is run here')),
    ...overrides,
  });
  if (routes !== null) proxy.setRoutes(routes);
  const listening = await proxy.listen();
  return { ...listening, proxy, certificate, exchanges, close: () => proxy.close(1_000) };
}

export function portRoute(hostname: string, port: number): Route {
  return {
    hostname,
    role: hostname === 'example.com' ? 'frontend' : 'api',
    upstream: { kind: 'port', port, label: `127.0.0.1:${port}` },
    paths: [],
  };
}

/** Starts a server on a free port of an address, and gives the port. */
export async function listenOn(server: Server | http.Server, host = '127.0.0.1', port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}
