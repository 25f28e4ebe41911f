import { readFile } from 'node:fs/promises';
import net from 'node:net';
import tls from 'node:tls';
import type { Health, HealthCheck } from '../control/types.ts';
import { messageOf } from '../errors.ts';
import type { Route, Upstream } from '../proxy/types.ts';

export interface HealthFacts {
  readonly routes: readonly Route[];
  readonly httpsPort: number;
  /** An address that the proxy listens on. */
  readonly address: string;
  readonly caFile: string;
}

const TIMEOUT_MS = 2_000;

/**
 * Whether clients get through: a verified TLS handshake for each host name, and a connection to each upstream. Nothing is
 * requested: a probe every second must not make a dev server render pages.
 */
export async function checkHealth(facts: HealthFacts): Promise<Health> {
  const ca = await readFile(facts.caFile, 'utf8');
  const checks = await Promise.all([
    ...facts.routes.map(({ hostname }) => check(`tls ${hostname}`, () => shakeHands(hostname, facts, ca))),
    ...upstreamsOf(facts.routes).map(([name, upstream]) => check(`upstream ${name}`, () => reach(upstream))),
  ]);
  return { ok: checks.every(({ ok }) => ok), checks };
}

function upstreamsOf(routes: readonly Route[]): readonly (readonly [name: string, upstream: Upstream])[] {
  return routes.flatMap(({ hostname, upstream, paths }) => [
    [hostname, upstream] as const,
    ...paths.map((path) => [`${hostname}${path.prefix}`, path.upstream] as const),
  ]);
}

async function check(name: string, probe: () => Promise<void>): Promise<HealthCheck> {
  try {
    await probe();
    return { name, ok: true, detail: '' };
  } catch (error) {
    return { name, ok: false, detail: messageOf(error) };
  }
}

function shakeHands(servername: string, { address, httpsPort }: HealthFacts, ca: string): Promise<void> {
  return connected((done) => {
    const socket = tls.connect({
      host: address,
      port: httpsPort,
      servername,
      ca,
      ALPNProtocols: ['http/1.1'],
    });
    return socket.once('secureConnect', done);
  });
}

/** On whichever loopback family it listens. */
function reach(upstream: Upstream): Promise<void> {
  const { hostname, port, protocol } =
    upstream.kind === 'port'
      ? { hostname: 'localhost', port: String(upstream.port), protocol: 'http:' }
      : new URL(upstream.url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const wanted = Number(port) || (protocol === 'https:' ? 443 : 80);
  return connected((done) =>
    net.connect({ host, port: wanted, autoSelectFamily: true }).once('connect', done),
  );
}

function connected(open: (done: () => void) => net.Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const socket = open(() => {
      // In order: cut off at once, it would look to the server like a client that refuses its certificate.
      socket.end();
      socket.resume();
      resolve();
    });
    // After it was fulfilled a failure changes nothing.
    socket.once('error', (error) => fail(describe(error)));
    socket.setTimeout(TIMEOUT_MS, () => fail(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
  });
}

/** Where both loopback families refuse, Node's error holds one for each and no words of its own. */
function describe(error: Error): Error {
  return error instanceof AggregateError && error.message === ''
    ? new Error(error.errors.map((each: unknown) => messageOf(each)).join('; '))
    : error;
}
