import { createHash, randomBytes } from 'node:crypto';
import type { ServerHttp2Stream } from 'node:http2';
import { Duplex } from 'node:stream';

/**
 * The client's end of a WebSocket over HTTP/2 (RFC 8441), as a socket for http-proxy. What http-proxy writes first
 * is the header section of HTTP/1.1's 101, which has no place here and is left out.
 */
export class Http2Socket extends Duplex {
  readonly #stream: ServerHttp2Stream;
  #headSeen = false;

  constructor(stream: ServerHttp2Stream) {
    super({ allowHalfOpen: true });
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) stream.pause();
    });
    stream.once('end', () => this.push(null));
    stream.once('close', () => this.destroy());
    stream.pause();
    // Also before anybody else listens; the close that follows is what counts.
    this.on('error', () => this.destroy());
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#headSeen) {
      this.#stream.write(chunk, encoding, done);
    } else {
      this.#headSeen = true;
      done();
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#stream.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#stream.destroyed) this.#stream.close();
    done(error);
  }

  /** What http-proxy sets on a socket; the connection below belongs to other streams too. */
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }
}

/** RFC 8441, section 5: there is no key in HTTP/2, so the handshake with the upstream needs one of ours. */
export function createWebSocketKey(): string {
  return randomBytes(16).toString('base64');
}

/** RFC 6455, section 4.2.2: what proves that the upstream speaks WebSocket. */
export function acceptFor(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}
