import type { Socket } from 'node:net';
import tls from 'node:tls';
import { errnoOf } from '../errors.ts';
import type { TlsFailure, TlsMaterial } from './types.ts';

export interface TlsServerDeps {
  readonly tls: TlsMaterial;
  readonly hostnames: readonly string[];
  readonly handshakeTimeoutMs: number;
  readonly onSecure: (socket: tls.TLSSocket) => void;
  readonly onFailure: (failure: TlsFailure) => void;
}

export interface TlsServer {
  readonly accept: (socket: Socket) => void;
  readonly setSecureContext: (material: TlsMaterial) => void;
}

/**
 * TLS 1.2 and 1.3 with `h2` and `http/1.1` by ALPN; it never listens by itself. A client that asks for a name which the
 * certificate does not have is refused with a fatal alert: no_application_protocol, as Node offers no way to send
 * unrecognized_name. Where it offers no protocols either, the connection ends before the first request.
 * A client that asks for no name (an IP literal in its URL) gets the certificate, and refuses it by itself.
 */
export function createTlsServer(deps: TlsServerDeps): TlsServer {
  const known = new Set(deps.hostnames);
  const isKnown = (servername: unknown): boolean =>
    typeof servername !== 'string' || servername === '' || known.has(servername.toLowerCase());
  const server = tls.createServer({
    ...secureOptions(deps.tls),
    ALPNCallback: ({ servername, protocols }) =>
      isKnown(servername) ? ['h2', 'http/1.1'].find((protocol) => protocols.includes(protocol)) : undefined,
    handshakeTimeout: deps.handshakeTimeoutMs,
  });
  server.on('secureConnection', (socket) => {
    if (isKnown(socket.servername)) deps.onSecure(socket);
    else socket.destroy();
  });
  server.on('tlsClientError', (error, socket) => {
    // After its timeout Node reports a handshake, and leaves it open.
    socket.destroy();
    deps.onFailure({
      code: errnoOf(error) ?? 'ERR_TLS',
      servername: typeof socket.servername === 'string' ? socket.servername : null,
    });
  });
  return {
    accept: (socket) => server.emit('connection', socket),
    setSecureContext: (material) => server.setSecureContext(secureOptions(material)),
  };
}

function secureOptions(material: TlsMaterial): tls.SecureContextOptions {
  return { key: material.key, cert: material.cert, minVersion: 'TLSv1.2' };
}
