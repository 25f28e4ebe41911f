import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { errnoOf, messageOf } from '../../errors.ts';

export interface ProbeTarget {
  readonly secure: boolean;
  /** Where the connection goes: an IP literal, or a name where the system is to decide. */
  readonly address: string;
  readonly port: number;
  /** What the request says in Host, and (less the port) the handshake in SNI. */
  readonly authority: string;
  /** Path and query. */
  readonly path: string;
  /** A forward proxy that is asked for a tunnel to `authority`, instead of connecting to `address`. */
  readonly proxy: string | null;
  /** GET without it. */
  readonly method?: string;
  /** Beside Host and Content-Length. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * PEM: what the certificate must lead to. Without it none is refused: who answers is judged by what is answered,
   * which is nothing to send a password to.
   */
  readonly ca?: readonly string[];
}

export type ProbeAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** As they came: names that are there twice, Set-Cookie. One character for each byte. */
      readonly headerPairs: readonly (readonly [name: string, value: string])[];
      /** The beginning. */
      readonly body: string;
      /** SHA-256 of the server's certificate, upper case, with colons; null over plain http. */
      readonly fingerprint256: string | null;
    }
  | { readonly kind: 'silent'; readonly why: string };

/** One request. It never throws for what the network does: that is what was asked. */
export type Probe = (target: ProbeTarget) => Promise<ProbeAnswer>;

/** A dev server that has to compile its first page takes this long at times. */
const TIMEOUT_MS = 5_000;
/** Of a body, what is read: characters. */
export const BODY_LIMIT = 64 * 1024;

/** Over the network. */
export const probeOverNetwork: Probe = async (target) => {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await ask(target, signal);
  } catch (error) {
    if (signal.aborted) return { kind: 'silent', why: `no answer within ${TIMEOUT_MS / 1000} s` };
    const code = errnoOf(error);
    if (code === undefined && !(error instanceof AggregateError)) throw error;
    return { kind: 'silent', why: code ?? messageOf(error) };
  }
};

async function ask(target: ProbeTarget, signal: AbortSignal): Promise<ProbeAnswer> {
  const { secure, address: host, port, authority, path, proxy, body: sent = '' } = target;
  const servername = authority.replace(/:\d+$/, '');
  const socket = proxy === null ? null : await openTunnel(proxy, authority, signal);
  const method = target.method ?? 'GET';
  const length = sent === '' && method === 'GET' ? {} : { 'content-length': Buffer.byteLength(sent) };
  const headers = { ...target.headers, ...length, host: authority };
  const common = { host, port, path, method, headers, signal } as const;
  const security =
    target.ca === undefined
      ? { servername, rejectUnauthorized: false }
      : { servername, secureContext: contextOf(target.ca.join('\n')) };
  return new Promise((resolve, reject) => {
    const request =
      socket !== null
        ? http.request({ ...common, createConnection: () => tls.connect({ socket, ...security }) })
        : secure
          ? https.request({ ...common, ...security, agent: false })
          : http.request({ ...common, agent: false });
    request.once('error', reject);
    request.once('response', (response) => {
      const peer = response.socket instanceof tls.TLSSocket ? response.socket.getPeerX509Certificate() : null;
      readBeginning(response).then((body) => {
        resolve({
          kind: 'answered',
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          ),
          headerPairs: pairs(response.rawHeaders),
          body,
          fingerprint256: peer?.fingerprint256 ?? null,
        });
        request.destroy();
      }, reject);
    });
    request.end(sent);
  });
}

let last: { readonly ca: string; readonly context: tls.SecureContext } | undefined;

/** That CA and the public ones, which take longer to read than a request takes: one session asks with the same often. */
function contextOf(ca: string): tls.SecureContext {
  if (last?.ca !== ca) {
    last = {
      ca,
      context: tls.createSecureContext({ ca: [...(ca === '' ? [] : [ca]), ...tls.rootCertificates] }),
    };
  }
  return last.context;
}

function pairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
}

/** RFC 9110, section 9.3.6. */
function openTunnel(proxy: string, authority: string, signal: AbortSignal) {
  const { hostname, port } = new URL(proxy);
  const path = authority.includes(':') ? authority : `${authority}:443`;
  return new Promise<Socket>((resolve, reject) => {
    const request = http.request({
      method: 'CONNECT',
      host: hostname,
      port,
      path,
      headers: { host: path },
      signal,
    });
    request.once('error', reject);
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else
        reject(Object.assign(new Error('no tunnel'), { code: `the proxy answered ${response.statusCode}` }));
    });
    request.end();
  });
}

async function readBeginning(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= BODY_LIMIT) break;
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, BODY_LIMIT);
}
