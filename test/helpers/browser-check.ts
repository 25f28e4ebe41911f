import http, { type RequestListener } from 'node:http';
import type { ControlAnswer, ControlRoute } from '../../src/control/route.ts';
import { openBrowserCheck } from '../../src/environment/browser-check.ts';
import type { ProxyDeps } from '../../src/proxy/types.ts';
import { createCleanup } from '../../src/system/cleanup.ts';
import { configOf } from './doctor-facts.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from './proxy-fixture.ts';

export interface CheckEnvironment {
  readonly proxy: RunningProxy;
  /** Origins, with the port. */
  readonly frontend: string;
  readonly api: string;
  /** Calls one of the routes that the control server has. */
  readonly control: (method: 'GET' | 'POST', query: string, body?: unknown) => Promise<ControlAnswer>;
  readonly warnings: readonly string[];
  readonly close: () => Promise<void>;
}

/** The browser check as `up` opens it, behind the real proxy; `backend` answers for everything else of both hosts. */
export async function startCheck(
  backend: RequestListener,
  proxyDeps: Partial<ProxyDeps> = {},
): Promise<CheckEnvironment> {
  const server = http.createServer(backend);
  const port = await listenOn(server);
  const proxy = await startProxy(null, proxyDeps);
  const origin = (hostname: string): string => `https://${hostname}:${proxy.httpsPort}`;
  const cleanup = createCleanup();
  const warnings: string[] = [];
  const check = await openBrowserCheck(configOf(), {
    frontend: origin('example.com'),
    api: origin('api.example.com'),
    cleanup,
    ports: { platform: 'linux', procRoot: '/proc', run: () => Promise.reject(new Error('not run here')) },
    now: () => new Date(),
    onWarning: (text) => warnings.push(text),
  });
  proxy.proxy.setRoutes([
    { ...portRoute('example.com', port), own: check.own },
    { ...portRoute('api.example.com', port), own: check.own },
  ]);
  return {
    proxy,
    frontend: origin('example.com'),
    api: origin('api.example.com'),
    control: async (method, query, body) => {
      const route = check.routes.find((each) => each.method === method) as ControlRoute;
      return route.answer({
        query: new URLSearchParams(query),
        signal: new AbortController().signal,
        json: () => Promise.resolve(body),
      });
    },
    warnings,
    close: async () => {
      await proxy.close();
      await cleanup.run();
      server.closeAllConnections();
      server.close();
    },
  };
}
