import net from 'node:net';
import { errnoOf, JwtDevError, messageOf } from '../errors.ts';
import { findPortHolder, type PortHolder, type PortHolderDeps } from './port-holder.ts';

export interface ListenTarget {
  /** 0: any free port. */
  readonly port: number;
  /** An IP literal. */
  readonly host: string;
}

/**
 * Starts a server on one address and gives the port that it got.
 * Throws ERR_PORT_IN_USE (naming the holder where it can be seen), ERR_PRIVILEGE_REQUIRED, else ERR_LISTEN.
 */
export async function listen(
  server: net.Server,
  target: ListenTarget,
  deps: PortHolderDeps,
): Promise<number> {
  try {
    return await startListening(server, target, false);
  } catch (error) {
    throw await describeListenFailure(error, target, deps);
  }
}

export interface ListeningOnAll {
  /** The same on every address. */
  readonly port: number;
  readonly servers: readonly net.Server[];
  readonly addresses: readonly string[];
  /** Addresses that this machine does not have, for example ::1 with IPv6 switched off. */
  readonly missing: readonly string[];
}

/** A free port of the first address may be taken on the second: how often another one is tried. */
const FREE_PORT_ATTEMPTS = 20;

/**
 * Starts one server for each address, all on the same port (also where it is 0: any free one).
 * An address that the machine lacks is reported, unless no other is left. Errors: see `listen`;
 * after one, nothing is left listening.
 */
export async function listenOnAll(
  createServer: () => net.Server,
  addresses: readonly string[],
  port: number,
  deps: PortHolderDeps,
): Promise<ListeningOnAll> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryAll(createServer, addresses, port);
    } catch (error) {
      if (!(error instanceof ListenFailure)) throw error;
      const mayRetry = port === 0 && attempt < FREE_PORT_ATTEMPTS && errnoOf(error.cause) === 'EADDRINUSE';
      if (!mayRetry) throw await describeListenFailure(error.cause, error.target, deps);
    }
  }
}

class ListenFailure extends Error {
  readonly target: ListenTarget;

  constructor(target: ListenTarget, cause: unknown) {
    super(messageOf(cause), { cause });
    this.target = target;
  }
}

async function tryAll(
  createServer: () => net.Server,
  addresses: readonly string[],
  wantedPort: number,
): Promise<ListeningOnAll> {
  const servers: net.Server[] = [];
  const open: string[] = [];
  const missing: string[] = [];
  let port = wantedPort;
  let lastMissing: ListenFailure | undefined;
  for (const host of addresses) {
    const server = createServer();
    try {
      port = await startListening(server, { port, host }, addresses.length > 1);
      servers.push(server);
      open.push(host);
    } catch (error) {
      const failure = new ListenFailure({ port, host }, error);
      if (!isAddressMissing(error)) {
        await Promise.all(servers.map(closeServer));
        throw failure;
      }
      missing.push(host);
      lastMissing = failure;
    }
  }
  if (open.length === 0) {
    throw lastMissing ?? new JwtDevError('ERR_LISTEN', 'There is no address to listen on.');
  }
  return { port, servers, addresses: open, missing };
}

function isAddressMissing(error: unknown): boolean {
  const errno = errnoOf(error);
  return errno === 'EADDRNOTAVAIL' || errno === 'EAFNOSUPPORT';
}

function startListening(server: net.Server, target: ListenTarget, oneOfMany: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(error);
    server.once('error', onError);
    // `::` would take the IPv4 port too (dual stack), and 0.0.0.0 beside it would then be "in use".
    const ipv6Only = oneOfMany && net.isIPv6(target.host);
    server.listen({ port: target.port, host: target.host, ipv6Only }, () => {
      server.off('error', onError);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : target.port);
    });
  });
}

function closeServer(server: net.Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

async function describeListenFailure(
  error: unknown,
  target: ListenTarget,
  deps: PortHolderDeps,
): Promise<JwtDevError> {
  const errno = errnoOf(error);
  const place = `${net.isIPv6(target.host) ? `[${target.host}]` : target.host}:${target.port}`;
  const facts = { port: target.port, address: target.host };
  if (errno === 'EADDRINUSE') {
    const holder = await findPortHolder(target.port, deps);
    return new JwtDevError('ERR_PORT_IN_USE', `Port ${target.port} is in use: ${sayHolder(holder)}`, {
      cause: error,
      hint:
        holder === undefined
          ? 'Stop the program that uses it, or choose another port.'
          : `Stop it (process ${holder.pid}), or choose another port.`,
      facts: { ...facts, holder: holder ?? null },
    });
  }
  if (errno === 'EACCES' || errno === 'EPERM') {
    return new JwtDevError('ERR_PRIVILEGE_REQUIRED', `This user may not listen on ${place}.`, {
      cause: error,
      hint:
        deps.platform === 'win32' ? WINDOWS_RESERVED_HINT : 'Choose a port from 1024 on, or allow this one.',
      facts,
    });
  }
  return new JwtDevError('ERR_LISTEN', `Cannot listen on ${place}: ${messageOf(error)}.`, {
    cause: error,
    facts,
  });
}

const WINDOWS_RESERVED_HINT =
  'Windows may have reserved it: see `netsh interface ipv4 show excludedportrange protocol=tcp`. Choose another port.';

function sayHolder(holder: PortHolder | undefined): string {
  if (holder === undefined) return 'by whom cannot be seen, it may belong to another user.';
  return `by process ${holder.pid}, ${holder.command.slice(0, 200)}.`;
}
