import { readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { errnoOf } from '../../errors.ts';
import { findPortHolder, type PortHolder } from '../../system/port-holder.ts';
import type { DoctorWorld } from '../types.ts';
import type { InstancesFacts } from './instance.ts';

export interface PortFact {
  readonly use: 'https' | 'http';
  readonly port: number;
  /** Somebody accepts connections there. */
  readonly taken: boolean;
  /** undefined: nobody, or one that this user may not see. */
  readonly holder: PortHolder | undefined;
  /** The addresses that are listened on; null: the platform does not show them to us. */
  readonly listeningOn: readonly string[] | null;
}

export interface PortsFacts {
  /** Of the running environment where there is one, else the configured ones. Free choices (0) are not in here. */
  readonly ports: readonly PortFact[];
  /** Ports below this one need a privilege; null: not on this platform, or it cannot be read. */
  readonly firstUnprivileged: number | null;
  /** Whether this process has that privilege (CAP_NET_BIND_SERVICE); null: it cannot be read. */
  readonly mayBind: boolean | null;
}

export async function readPorts(world: DoctorWorld, { running }: InstancesFacts): Promise<PortsFacts> {
  const { httpsPort, httpPort } = running?.facts ?? world.config.listen;
  const wanted: readonly (readonly ['https' | 'http', number | null])[] = [
    ['https', httpsPort],
    ['http', httpPort],
  ];
  const ports = await Promise.all(
    wanted.flatMap(([use, port]) => (port === null || port === 0 ? [] : [readPort(use, port, world)])),
  );
  const limit = await readIfPresent(at(world, 'proc/sys/net/ipv4/ip_unprivileged_port_start'));
  const status = await readIfPresent(at(world, 'proc/self/status'));
  return {
    ports,
    firstUnprivileged: limit === undefined ? null : Number(limit.trim()),
    mayBind: status === undefined ? null : mayBindPrivileged(status),
  };
}

async function readPort(use: PortFact['use'], port: number, world: DoctorWorld): Promise<PortFact> {
  const { platform, run } = world;
  const [v4, v6] = await Promise.all(['127.0.0.1', '::1'].map((address) => accepts(address, port)));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readIfPresent(at(world, `proc/net/${name}`))),
  );
  return {
    use,
    port,
    taken: v4 === true || v6 === true,
    holder: await findPortHolder(port, { platform, run, procRoot: at(world, 'proc') }),
    listeningOn:
      platform === 'linux' && tables[0] !== undefined
        ? tables.flatMap((table) => parseListening(table ?? '', port))
        : null,
  };
}

/** capabilities(7): CAP_NET_BIND_SERVICE is number 10; proc(5): CapEff is hexadecimal. */
export function mayBindPrivileged(status: string): boolean | null {
  const effective = /^CapEff:\s*([\da-f]+)$/im.exec(status)?.[1];
  return effective === undefined ? null : ((BigInt(`0x${effective}`) >> 10n) & 1n) === 1n;
}

/** The addresses of a table of proc(5), /proc/net/tcp or tcp6, on which a port is listened on (state 0A). */
export function parseListening(table: string, port: number): readonly string[] {
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [address = '', hexPort = ''] = (fields[1] ?? '').split(':');
    if (fields[3] !== '0A' || Number.parseInt(hexPort, 16) !== port) return [];
    return [decodeAddress(address)];
  });
}

/** Words of 32 bits in the machine's byte order, which is little-endian wherever Node has a build for. */
function decodeAddress(hex: string): string {
  const bytes = Buffer.from(hex, 'hex').swap32();
  if (bytes.length === 4) return [...bytes].join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new net.SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

const CONNECT_TIMEOUT_MS = 1_000;

/** Whether anybody accepts connections there. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const finish = (found: boolean): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => finish(false));
  });
}

function at({ root }: DoctorWorld, file: string): string {
  return path.join(root, file);
}

async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const errno = errnoOf(error);
    // EACCES: a container may hide parts of /proc.
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'EACCES') return undefined;
    throw error;
  }
}
