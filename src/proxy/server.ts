import type { Socket } from 'node:net';
import { JwtDevError } from '../errors.ts';
import { type ListeningOnAll, listenOnAll } from '../system/ports.ts';
import { createFront } from './front.ts';
import { createGate } from './gate.ts';
import { type HandleDeps, handleRequest } from './handle.ts';
import { createHttp1Server } from './http1-server.ts';
import { createHttp2Server } from './http2-server.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { tellObserver } from './observe.ts';
import { createRedirectServer } from './redirect.ts';
import { createRouteTable } from './routes.ts';
import { createTlsServer } from './tls-server.ts';
import type { Proxy, ProxyDeps, ProxyListening, ProxyNotice, TlsFailure } from './types.ts';
import { createUpgrades } from './upgrade.ts';
import { createUpstreamWatch } from './upstream-notices.ts';
import { createUpstreamRegistry } from './upstream-registry.ts';

/** Builds the proxy without listening. Until the first `setRoutes`, connections are accepted and wait. */
export function createProxy(deps: ProxyDeps): Proxy {
  const limits: Limits = { ...DEFAULT_LIMITS, ...deps.limits };
  const upstreams = createUpstreamRegistry(limits);
  const gate = createGate();
  let routes = createRouteTable([]);
  let httpsPort = deps.httpsPort;
  const handling: HandleDeps = {
    routes: () => routes,
    connections: upstreams.get,
    frontendOrigin: deps.frontendOrigin,
    onExchange: deps.onExchange,
    now: deps.now,
    newId: deps.newId,
    nextExchangeId: createExchangeIds(),
    publicPort: deps.publicPort,
    answerOwn: deps.answerOwn,
    canary: deps.canary,
    previews: deps.previews ?? (() => false),
    watch: deps.onNotice === undefined ? undefined : createUpstreamWatch(deps.onNotice),
    limits,
  };
  const ownAnswers = () => ({ frontendOrigin: deps.frontendOrigin(), nonce: deps.newId() });
  const upgrades = createUpgrades(handling);
  const http1 = createHttp1Server({
    limits,
    onRequest: (client) => handleRequest(client, handling),
    onUpgrade: upgrades.acceptHttp1,
    ownAnswers,
  });
  const http2 = createHttp2Server({
    // Through a forward proxy, Firefox leaves Origin and Cookie out of these (bugzilla.mozilla.org, 1848013).
    offersWebSockets: deps.publicPort === undefined,
    limits,
    onRequest: (client) => handleRequest(client, handling),
    onWebSocket: upgrades.acceptHttp2,
  });
  const onTlsFailure = (failure: TlsFailure): void => {
    if (deps.onTlsFailure !== undefined) tellObserver(deps.onTlsFailure, failure);
  };
  const tlsServer = createTlsServer({
    tls: deps.tls,
    hostnames: deps.hostnames,
    handshakeTimeoutMs: limits.handshakeTimeoutMs,
    onSecure: (socket) =>
      gate.pass(socket, () => (socket.alpnProtocol === 'h2' ? http2 : http1).accept(socket)),
    onFailure: onTlsFailure,
  });
  const redirect = createRedirectServer(
    () => ({ ...ownAnswers(), httpsPort: deps.publicPort ?? httpsPort, hostnames: routes.hostnames }),
    limits,
  );
  const onPlain = (socket: Socket): void => gate.pass(socket, () => redirect.accept(socket));
  const shared = {
    firstByteTimeoutMs: limits.handshakeTimeoutMs,
    maxConnections: limits.connections,
    onPlain,
  };
  const secureFront = createFront({
    ...shared,
    onTls: tlsServer.accept,
    onPlain: (socket) => {
      // It is answered all the same; OpenSSL's name for what a TLS server alone would have seen.
      onTlsFailure({ code: 'ERR_SSL_HTTP_REQUEST', servername: null });
      onPlain(socket);
    },
  });
  // TLS on the plain port can only be a mistake: nothing there can answer it.
  const plainFront = createFront({ ...shared, onTls: (socket) => socket.destroy() });
  const ports = { platform: deps.platform, run: deps.run, procRoot: '/proc' };
  let listening: ListeningOnAll[] = [];

  const listen = async (): Promise<ProxyListening> => {
    const notices: ProxyNotice[] = [];
    const secure = await listenOnAll(secureFront.createServer, deps.addresses, deps.httpsPort, ports);
    listening = [secure];
    httpsPort = secure.port;
    for (const address of secure.missing) {
      notices.push({ code: 'ADDRESS_MISSING', address, message: `This machine has no address ${address}.` });
    }
    let httpPort: number | null = null;
    if (deps.httpPort !== null) {
      try {
        const plain = await listenOnAll(plainFront.createServer, secure.addresses, deps.httpPort, ports);
        listening.push(plain);
        httpPort = plain.port;
      } catch (error) {
        if (!(error instanceof JwtDevError)) throw error;
        const message = `Plain http is not redirected to https. ${error.message}`;
        notices.push({ code: 'HTTP_PORT_UNAVAILABLE', error, message });
      }
    }
    return { httpsPort: secure.port, httpPort, addresses: secure.addresses, notices };
  };

  /** Accepts nothing new and ends what is idle. Resolves once the last connection has ended. */
  const stopAccepting = async (): Promise<void> => {
    const servers = listening.flatMap((all) => all.servers);
    const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const part of [secureFront, plainFront, redirect, http1, http2, upgrades]) part.close();
    await Promise.all([...closed, secureFront.drained(), plainFront.drained()]);
  };

  const leaveUpstreams = async (): Promise<void> => {
    // Requests that were cut off end as the client's first, not as their upstream's.
    await new Promise((resolve) => setImmediate(resolve));
    await upstreams.destroy();
  };

  const forceClose = (): void => {
    void stopAccepting();
    secureFront.destroyAll();
    plainFront.destroyAll();
    void leaveUpstreams();
  };

  const close = async (deadlineMs: number): Promise<void> => {
    const timer = setTimeout(forceClose, deadlineMs);
    await stopAccepting();
    clearTimeout(timer);
    await leaveUpstreams();
  };

  return {
    listen,
    close,
    forceClose,
    adopt: (socket, as) => (as === 'https' ? secureFront : plainFront).accept(socket),
    setRoutes: (wanted) => {
      routes = createRouteTable(wanted);
      upstreams.keep(wanted);
      gate.open();
    },
    setSecureContext: tlsServer.setSecureContext,
  };
}

/** `x1`, `x2`, …: short, as people read them. */
function createExchangeIds(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `x${last}`;
  };
}
