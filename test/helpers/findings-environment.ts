import http, { type RequestListener } from 'node:http';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ensureCertificates } from '../../src/certs/ensure.ts';
import type { StoredFinding } from '../../src/environment/watch/finding-store.ts';
import { createTrafficWatch } from '../../src/environment/watch/traffic-watch.ts';
import type { ProxyDeps } from '../../src/proxy/types.ts';
import { createWatch } from '../../src/verdicts/watch/create-watch.ts';
import { certificateInput } from './certs-files.ts';
import { HOSTNAMES, listenOn, portRoute, startProxy } from './proxy-fixture.ts';

export interface FindingsEnvironment {
  readonly port: number;
  /** Origins, with the port. */
  readonly frontend: string;
  readonly api: string;
  /** PEM file: what clients have to trust. */
  readonly caFile: string;
  /** All that was found up to now, without what the next call is to find. */
  readonly take: () => Promise<readonly StoredFinding[]>;
  readonly close: () => Promise<void>;
}

export interface FindingsSetting {
  /** A directory for the certificates. */
  readonly dir: string;
  /** The backend, however it misbehaves. */
  readonly api: RequestListener;
  /** Default: an empty page at every path. */
  readonly frontend?: RequestListener;
  /** Where the backend listens instead, or does not. */
  readonly apiPort?: number;
  readonly proxy?: Partial<ProxyDeps>;
}

/** The real proxy, with a real certificate and the real rules behind it, before two servers that do as they are told. */
export async function startFindings(setting: FindingsSetting): Promise<FindingsEnvironment> {
  const material = await ensureCertificates(certificateInput(path.join(setting.dir, 'certificates')));
  const servers = [setting.frontend ?? emptyPage, setting.api].map((listener) => http.createServer(listener));
  const [frontendPort = 0, ownApiPort = 0] = await Promise.all(servers.map((server) => listenOn(server)));
  let port = 0;
  const origin = (hostname: string): string => `https://${hostname}:${port}`;
  const watch = createTrafficWatch({
    loadRules: async () =>
      createWatch({
        frontendOrigin: origin('example.com'),
        apiOrigin: origin('api.example.com'),
        accessCookie: 'jwt-access-token',
        refreshCookie: 'jwt-refresh-token',
        hostnames: HOSTNAMES,
      }),
    frontendHostname: 'example.com',
    port: () => port,
    silence: [],
    onFinding: () => undefined,
    onWarning: (text) => {
      throw new Error(text);
    },
    now: () => new Date(),
    clock: () => performance.now(),
  });
  const proxy = await startProxy(
    [portRoute('example.com', frontendPort), portRoute('api.example.com', setting.apiPort ?? ownApiPort)],
    {
      tls: { key: material.keyPem, cert: material.chainPem },
      frontendOrigin: () => origin('example.com'),
      canary: { hostname: 'example.com', site: 'example.com' },
      onExchange: watch.onExchange,
      onTlsFailure: watch.onTlsFailure,
      onNotice: watch.onNotice,
      ...setting.proxy,
    },
  );
  port = proxy.httpsPort;
  return {
    port,
    frontend: origin('example.com'),
    api: origin('api.example.com'),
    caFile: material.caFile,
    take: async () => {
      const { findings } = await watch.findings();
      await watch.clear();
      return findings;
    },
    close: async () => {
      await proxy.close();
      await watch.close();
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

const emptyPage: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>page</title>');
};
