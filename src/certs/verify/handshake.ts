import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import path from 'node:path';
import { errnoOf } from '../../errors.ts';
import type { TlsMaterial } from '../material.ts';
import { chromium, firefox } from './browsers.ts';
import type { VerifyClient, VerifyWorld } from './client.ts';
import { curl, java, node, python } from './tools.ts';

const VERIFY_CLIENTS: readonly VerifyClient[] = [chromium, firefox, curl, node, python, java];

/** What one client did. `connected` is only true where its request really arrived over TLS. */
export interface ClientReport {
  readonly id: string;
  readonly label: string;
  /** null: it was not tried. */
  readonly connected: boolean | null;
  /** What the client said, what it needed, or why it was not tried. */
  readonly note: string | null;
}

export interface VerifyInput {
  readonly material: Pick<TlsMaterial, 'keyPem' | 'chainPem' | 'caFile'>;
  /** The name (or IPv4 address) that the clients ask for; they reach it on loopback. */
  readonly hostname: string;
  readonly world: VerifyWorld;
  /** Where a private directory for each client may be made. */
  readonly temporaryDir: string;
  readonly clients?: readonly VerifyClient[];
}

/**
 * Lets the installed clients connect to a server with our certificate, one after the other. What counts is what the
 * server sees: a request that arrived means that the client trusts the chain and the name.
 */
export async function verifyByHandshake(input: VerifyInput): Promise<readonly ClientReport[]> {
  const arrived = new Set<string>();
  const refusal: Refusal = { code: undefined };
  const { keyPem: key, chainPem: cert } = input.material;
  const server = createServer({ key, cert }, (request, response) => {
    arrived.add(request.url ?? '');
    response.setHeader('connection', 'close').end('<!doctype html><title>verified</title>');
  });
  // A client that refuses the certificate breaks off the handshake: the answer to the question, not a fault.
  server.on('tlsClientError', (error) => {
    refusal.code = errnoOf(error);
  });
  try {
    const port = await listen(server);
    const reports: ClientReport[] = [];
    for (const client of input.clients ?? VERIFY_CLIENTS) {
      reports.push(await tryClient(client, port, { arrived, refusal }, input));
    }
    return reports;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** The alert with which a client broke off its last handshake, as OpenSSL names it. */
interface Refusal {
  code: string | undefined;
}

async function tryClient(
  client: VerifyClient,
  port: number,
  { arrived, refusal }: { readonly arrived: ReadonlySet<string>; readonly refusal: Refusal },
  { hostname, material, world, temporaryDir }: VerifyInput,
): Promise<ClientReport> {
  const { id, label } = client;
  const found = await client.find(world);
  if (found.program === null) return { id, label, connected: null, note: found.why };
  const scratchDir = await mkdtemp(path.join(temporaryDir, 'jwt-dev-verify-'));
  try {
    const pathname = `/${id}-${randomBytes(8).toString('hex')}`;
    const url = `https://${hostname}:${port}${pathname}`;
    refusal.code = undefined;
    const target = { hostname, port, url, caFile: material.caFile, scratchDir };
    const result = await client.connect(found.program, target, world);
    if (arrived.has(pathname)) return { id, label, connected: true, note: found.condition };
    return {
      id,
      label,
      connected: false,
      note: explain(result.stderr) ?? refusal.code ?? 'it did not connect',
    };
  } finally {
    await rm(scratchDir, { recursive: true, force: true });
  }
}

/** The line of a client's complaint that names the reason: Chromium's net error, or the first that is an error. */
function explain(stderr: string): string | undefined {
  const net = /net::ERR_\w+/.exec(stderr)?.[0];
  return (
    net ??
    stderr
      .split('\n')
      .find((line) => /error|exception|problem/i.test(line))
      ?.trim()
  );
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
