import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { BodyStart, Exchange } from '../../proxy/types.ts';
import type { HeaderPairs } from '../../verdicts/header-pairs.ts';
import { valuesOf } from '../../verdicts/header-pairs.ts';
import type { KnownBody } from '../../verdicts/view/detail.ts';

/** Of a compressed body this much is shown, however little of it came: a few bytes can be gigabytes. */
const TEXT_BYTES = 64 * 1024;

/**
 * A body that was kept as text.
 * @param headers of its message.
 * @param failure of the exchange: then nobody knows how long the body would have been, unless its header section says.
 * @returns null: there is none.
 */
export async function readBody(
  body: BodyStart | null,
  headers: HeaderPairs,
  failure: Exchange['failure'],
): Promise<KnownBody | null> {
  if (body === null) return null;
  const [type = ''] = valuesOf(headers, 'content-type');
  const size = failure === null ? body.size : declaredLength(headers);
  if (size === 0) return null;
  const mediaType = (type.split(';', 1)[0] ?? '').trim().toLowerCase();
  const decoded = body.kept === 0 && body.size > 0 ? null : await decode(body);
  const isPart = failure !== null || body.kept < body.size;
  if (decoded === null) return { mediaType, text: null, size, isCut: isPart };
  const isCut = isPart || decoded.isCut;
  return { mediaType, text: textOf(decoded.bytes, type, isCut), size, isCut };
}

function declaredLength(headers: HeaderPairs): number | null {
  const [length = ''] = valuesOf(headers, 'content-length');
  return /^\d{1,15}$/.test(length) ? Number(length) : null;
}

interface Decoded {
  readonly bytes: Uint8Array;
  readonly isCut: boolean;
}

/** null: it is compressed in a way that nobody here knows, or not as it says. */
async function decode(body: BodyStart): Promise<Decoded | null> {
  const bytes = body.start();
  // Several codings on top of each other (RFC 9110, 8.4) are nothing that a backend does.
  if (body.encoding === null) return { bytes, isCut: false };
  const decoder = createDecoder(body.encoding, bytes);
  return decoder === null ? null : await decompress(decoder, bytes);
}

/** The end is missing where only the beginning was kept, which these flags allow. */
function createDecoder(encoding: string, bytes: Uint8Array): Transform | null {
  const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = zlib.constants;
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip({ finishFlush: Z_SYNC_FLUSH });
    case 'deflate':
      // RFC 9110, 8.4.1.2: zlib's format; some send it bare. 0x78 and the like open the former (RFC 1950, 2.2).
      return ((bytes[0] ?? 0) & 0x0f) === 8
        ? zlib.createInflate({ finishFlush: Z_SYNC_FLUSH })
        : zlib.createInflateRaw({ finishFlush: Z_SYNC_FLUSH });
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: BROTLI_OPERATION_FLUSH });
    default:
      return null;
  }
}

/** Stops at the limit, so that no more is ever made than that and one chunk. */
async function decompress(decoder: Transform, bytes: Uint8Array): Promise<Decoded | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  let isBroken = false;
  decoder.end(bytes);
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > TEXT_BYTES) break;
    }
  } catch (error) {
    // zlib's own codes: not what it says it is, from here on.
    if (!isZlibError(error)) throw error;
    isBroken = true;
  }
  // Nothing came out of something.
  if (length === 0) return null;
  const start = Buffer.concat(chunks).subarray(0, TEXT_BYTES);
  return { bytes: start, isCut: isBroken || length > TEXT_BYTES };
}

function isZlibError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(?:Z_|ERR_BROTLI_|ERR_PADDING_|ERR__ERROR_)/.test(code);
}

/** null: it is no text, whatever it says. */
function textOf(bytes: Uint8Array, contentType: string, isCut: boolean): string | null {
  const charset = /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  // A character that the limit cuts in two is left out.
  const text = decoderOf(charset).decode(bytes, { stream: isCut });
  return text.includes('\0') ? null : text;
}

/** An unknown charset reads as UTF-8, which most of them have in common with ASCII. */
function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder();
    throw error;
  }
}
