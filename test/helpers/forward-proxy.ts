import { execFile } from 'node:child_process';
import net from 'node:net';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import {
  createForwardProxy,
  type ForwardProxy,
  type ForwardProxyDeps,
  type ForwardProxyListening,
} from '../../src/rootless/forward-proxy.ts';
import { HOSTNAMES, type RunningProxy, startProxy } from './proxy-fixture.ts';

export interface RunningForwardProxy extends ForwardProxyListening {
  readonly forward: ForwardProxy;
  /** `http://127.0.0.1:5198` */
  readonly url: string;
}

/** A forward proxy on a free port of loopback that ends with the test. */
export async function startForwardProxy(
  adopt: ForwardProxyDeps['adopt'],
  overrides: Partial<ForwardProxyDeps> = {},
): Promise<RunningForwardProxy> {
  const forward = createForwardProxy({
    hostnames: HOSTNAMES,
    port: 0,
    adopt,
    ports: {
      platform: 'linux',
      procRoot: '/proc',
      run: () => Promise.reject(new Error('no command is run here')),
    },
    ...overrides,
  });
  const listening = await forward.listen();
  onTestFinished(() => forward.forceClose());
  return { ...listening, forward, url: `http://${listening.authority}` };
}

/** The forward proxy in front of a proxy that is known as port 443. */
export async function startRootless(
  routes: Parameters<typeof startProxy>[0],
): Promise<RunningForwardProxy & { readonly proxy: RunningProxy }> {
  const proxy = await startProxy(routes, { publicPort: 443, httpPort: null });
  onTestFinished(() => proxy.proxy.forceClose());
  const forward = await startForwardProxy((socket, as) => proxy.proxy.adopt(socket, as));
  return { ...forward, proxy };
}

/** Sends bytes as they are and gives all that comes back until the other side closes. */
export function exchangeRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    socket.setEncoding('latin1');
    socket.on('data', (part: string) => (received += part));
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

/** A tunnel that is open: the socket after the answer to CONNECT. */
export function openTunnel(port: number, target = 'example.com:443'): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(`CONNECT ${target} HTTP/1.1\r\n\r\n`));
    socket.once('error', reject);
    socket.once('data', (answer: Buffer) => {
      if (!answer.toString().startsWith('HTTP/1.1 200 ')) {
        reject(new Error(answer.toString()));
        return;
      }
      socket.off('error', reject).on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** Runs a program to its end with an environment of its own; answers what it wrote to stdout. */
export async function runProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', ...env },
  });
  return stdout;
}
