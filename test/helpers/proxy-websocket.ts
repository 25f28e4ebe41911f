import { createHash } from 'node:crypto';
import http from 'node:http';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { connectRaw } from './proxy-clients.ts';
import type { RunningProxy } from './proxy-fixture.ts';

export interface EchoServer {
  readonly server: http.Server;
  readonly sockets: Set<Duplex>;
  readonly requests: http.IncomingMessage[];
}

/**
 * Accepts WebSockets and sends back each byte that it gets (frames of a client that come back masked are no WebSocket
 * any more, which is fine for what lies between). `/refuse` is answered 401 with a chunked body.
 */
export function createEchoServer(): EchoServer {
  const sockets = new Set<Duplex>();
  const requests: http.IncomingMessage[] = [];
  const server = http.createServer((_, response) => response.end('http'));
  server.on('upgrade', (request, socket, head) => {
    requests.push(request);
    socket.on('error', () => undefined);
    if (request.url === '/silent') return;
    if (request.url === '/drop') {
      socket.destroy();
      return;
    }
    if (request.url === '/refuse') {
      socket.end(
        'HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\nX-Why: no\r\n\r\n3\r\nwho\r\n1\r\n?\r\n0\r\n\r\n',
      );
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Upgrade: websocket',
        'Connection: Upgrade',
        `Sec-WebSocket-Accept: ${request.url === '/wrong-accept' ? 'wrong' : accept}`,
        'Sec-WebSocket-Protocol: echo',
        'Set-Cookie: a=1',
        'Set-Cookie: b=2',
        '\r\n',
      ].join('\r\n'),
    );
    if (head.length > 0) socket.write(head);
    if (request.url === '/greet') socket.write('welcome');
    socket.pipe(socket);
  });
  return { server, sockets, requests };
}

export interface OpenSocket {
  readonly socket: TLSSocket;
  readonly head: string;
  /** Everything after the head, so far. */
  readonly received: () => string;
}

/** Opens a WebSocket over HTTP/1.1; `early` goes out together with the handshake. */
export async function openHttp1(
  proxy: RunningProxy,
  path = '/',
  early = '',
  extra: readonly string[] = [],
): Promise<OpenSocket> {
  const socket = await connectRaw(proxy, { ALPNProtocols: ['http/1.1'] });
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.write(
    [
      `GET ${path} HTTP/1.1`,
      `Host: example.com:${proxy.httpsPort}`,
      'Connection: keep-alive, Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Origin: https://example.com',
      ...extra,
      `\r\n${early}`,
    ].join('\r\n'),
    'latin1',
  );
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (text.includes('\r\n\r\n')) resolve();
    };
    socket.on('data', check);
    socket.once('close', () => resolve());
  });
  const end = text.indexOf('\r\n\r\n') + 4;
  return { socket, head: text.slice(0, end), received: () => text.slice(end) };
}

/** Asks for a WebSocket over HTTP/2; does not wait for the answer. The session must know the settings of the proxy. */
export function requestHttp2Socket(
  session: ClientHttp2Session,
  path = '/',
  headers: Readonly<Record<string, string>> = {},
): ClientHttp2Stream {
  const stream = session.request({
    ':method': 'CONNECT',
    ':protocol': 'websocket',
    ':scheme': 'https',
    ':path': path,
    ':authority': 'example.com',
    'sec-websocket-version': '13',
    ...headers,
  });
  stream.on('error', () => undefined);
  return stream;
}

/** Until the proxy has said that it speaks WebSocket over HTTP/2. */
export async function untilSettings(session: ClientHttp2Session): Promise<void> {
  await new Promise<void>((resolve) => session.once('remoteSettings', () => resolve()));
}

/** Sends text and waits until as much has come back. */
export async function echoOver(duplex: TLSSocket | ClientHttp2Stream, text: string): Promise<string> {
  let received = '';
  const back = new Promise<string>((resolve) => {
    const onData = (chunk: Buffer | string): void => {
      received += chunk.toString('latin1');
      if (received.length >= text.length) {
        duplex.off('data', onData);
        resolve(received);
      }
    };
    duplex.on('data', onData);
    duplex.once('close', () => resolve(received));
  });
  duplex.write(Buffer.from(text, 'latin1'));
  return await back;
}
