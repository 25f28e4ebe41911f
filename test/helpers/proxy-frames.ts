import type { TLSSocket } from 'node:tls';
import { connectRaw, until } from './proxy-clients.ts';
import type { RunningProxy } from './proxy-fixture.ts';

/** RFC 9113, section 6. */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags; which frames they are for is told by the names. */
export const FLAG = { ack: 1, endStream: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

/** One frame of HTTP/2 (RFC 9113, section 4.1). */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
  length = payload.length,
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A field as a literal without indexing and without Huffman coding (RFC 7541, section 6.2.2). */
export function field(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  // RFC 7541, section 5.1, for the seven bits of a length.
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest = Math.floor(rest / 128)) length.push((rest % 128) + 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

export const METHOD = field(':method', 'GET');
export const SCHEME = field(':scheme', 'https');
export const PATH = field(':path', '/');
export const AUTHORITY = field(':authority', 'example.com');

/** A header section for a stream, in one frame. */
export function headersFrame(stream: number, fields: readonly Buffer[], flags = 5): Buffer {
  return frame(FRAME.headers, flags, stream, Buffer.concat(fields));
}

export const GET = [METHOD, SCHEME, PATH, AUTHORITY] as const;

export interface Reply {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export interface RawHttp2 {
  readonly socket: TLSSocket;
  /** The frames that have come so far. */
  readonly replies: () => Reply[];
}

/** A connection on which the preface and the settings are exchanged, and nothing else of a library's. */
export async function openRawHttp2(proxy: RunningProxy): Promise<RawHttp2> {
  const socket = await connectRaw(proxy, { ALPNProtocols: ['h2'] });
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  socket.write(frame(FRAME.settings, 0, 0));
  const replies = (): Reply[] => {
    const found: Reply[] = [];
    for (let at = 0; at + 9 <= received.length; ) {
      const length = received.readUIntBE(at, 3);
      if (at + 9 + length > received.length) break;
      found.push({
        type: received[at + 3] ?? 0,
        flags: received[at + 4] ?? 0,
        stream: received.readUInt32BE(at + 5),
        payload: received.subarray(at + 9, at + 9 + length),
      });
      at += 9 + length;
    }
    return found;
  };
  // Its settings, limits among them, count once they are acknowledged (RFC 9113, section 6.5.3).
  await until(() => replies().some((reply) => reply.type === FRAME.settings));
  socket.write(frame(FRAME.settings, FLAG.ack, 0));
  return { socket, replies };
}
