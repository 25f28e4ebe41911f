import type { IncomingHttpHeaders } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import type { RunningProxy } from './proxy-fixture.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly trailers: Readonly<Record<string, string | undefined>>;
  readonly informational: readonly number[];
  readonly body: string;
}

export interface Question {
  readonly hostname?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** One request over HTTP/1.1 on a connection of its own. */
export function askHttp1(proxy: RunningProxy, question: Question = {}): Promise<Answer> {
  const hostname = question.hostname ?? 'example.com';
  return new Promise((resolve, reject) => {
    const informational: number[] = [];
    const request = https.request(
      {
        host: '127.0.0.1',
        port: proxy.httpsPort,
        servername: hostname,
        ca: proxy.certificate.cert,
        checkServerIdentity: () => undefined,
        method: question.method ?? 'GET',
        path: question.path ?? '/',
        headers: { host: `${hostname}:${proxy.httpsPort}`, ...question.headers },
        agent: false,
      },
      (response) => {
        let body = '';
        response.setEncoding('latin1');
        response.on('data', (text: string) => {
          body += text;
        });
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            rawHeaders: response.rawHeaders,
            trailers: response.trailers,
            informational,
            body,
          }),
        );
      },
    );
    request.on('information', (info) => informational.push(info.statusCode));
    request.on('error', reject);
    request.end(question.body);
  });
}

/** An HTTP/2 connection to the proxy. */
export function connectHttp2(proxy: RunningProxy, servername = 'example.com'): http2.ClientHttp2Session {
  const session = http2.connect(`https://127.0.0.1:${proxy.httpsPort}`, {
    servername,
    ca: proxy.certificate.cert,
    checkServerIdentity: () => undefined,
  });
  // Reported by the streams; a session that the proxy cuts is what some tests are about.
  session.on('error', () => undefined);
  return session;
}

/** One request over HTTP/2. */
export function askHttp2(
  proxy: RunningProxy,
  question: Question & { readonly session?: http2.ClientHttp2Session } = {},
): Promise<Answer> {
  const session = question.session ?? connectHttp2(proxy, question.hostname);
  return new Promise((resolve, reject) => {
    const informational: number[] = [];
    const stream = session.request(
      {
        ':method': question.method ?? 'GET',
        ':path': question.path ?? '/',
        ':authority': `${question.hostname ?? 'example.com'}:${proxy.httpsPort}`,
        ...question.headers,
      },
      { endStream: question.body === undefined },
    );
    let headers: http2.IncomingHttpHeaders = {};
    let rawHeaders: string[] = [];
    let trailers: Record<string, string | undefined> = {};
    let body = '';
    stream.setEncoding('latin1');
    stream.on('headers', (info) => informational.push(Number(info[':status'])));
    stream.on('response', (...args: unknown[]) => {
      headers = args[0] as http2.IncomingHttpHeaders;
      rawHeaders = (args[2] ?? []) as string[];
    });
    stream.on('trailers', (fields) => {
      trailers = { ...fields } as Record<string, string | undefined>;
    });
    stream.on('data', (text: string) => {
      body += text;
    });
    stream.on('error', reject);
    stream.on('close', () => reject(new Error(`The stream closed early, code ${stream.rstCode}.`)));
    stream.on('end', () => {
      if (question.session === undefined) session.close();
      // Node ends the stream also where the session was cut before an answer.
      const status = Number(headers[':status']);
      if (Number.isNaN(status)) reject(new Error('The session closed before there was an answer.'));
      else resolve({ status, headers, rawHeaders, trailers, informational, body });
    });
    if (question.body !== undefined) stream.end(question.body);
  });
}

/** A TLS connection without any HTTP on it yet. */
export function connectRaw(proxy: RunningProxy, options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect(
      {
        host: '127.0.0.1',
        port: proxy.httpsPort,
        servername: 'example.com',
        ca: proxy.certificate.cert,
        checkServerIdentity: () => undefined,
        ...options,
      },
      () => {
        socket.off('error', reject);
        socket.on('error', () => undefined);
        resolve(socket);
      },
    );
    socket.once('error', reject);
  });
}

/** Sends bytes as they are and gives all that comes back until the proxy closes. */
export async function sendRaw(proxy: RunningProxy, text: string): Promise<string> {
  const socket = await connectRaw(proxy);
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (part: string) => {
    received += part;
  });
  socket.write(text, 'latin1');
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return received;
}

/** Waits until something holds; the test's own time limit ends a wait that never does. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}

/** How many TCP connections this process has open; client, proxy and upstream of a test share it. */
export function countConnections(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;
}
