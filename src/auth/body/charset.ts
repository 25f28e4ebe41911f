import type { MediaType } from '../http/media-type.ts';

export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

/**
 * Decodes a body with the `charset` of its content type, or as UTF-8 where that is missing or unknown.
 * @throws UndecodableError with Python's message, for UTF-8 that is none.
 */
export function decodeText(bytes: Uint8Array, type: MediaType): string {
  const decoder = decoderFor(type.parameters.get('charset'));
  if (decoder.encoding !== 'utf-8') return decoder.decode(bytes);
  const complete = bytes.subarray(0, bytes.length - incompleteTail(bytes));
  try {
    return decoder.decode(complete);
  } catch (error) {
    if (error instanceof TypeError) throw new UndecodableError(describeBadUtf8(complete));
    throw error;
  }
}

function decoderFor(charset: string | undefined): InstanceType<typeof TextDecoder> {
  // Only UTF-8 is strict: an unpaired byte in a legacy encoding has no Python twin worth copying.
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    try {
      // Python says latin-1, the Encoding Standard latin1.
      return new TextDecoder(charset.replace(/^latin-(?=\d)/i, 'latin'), { ignoreBOM: true });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
}

function describeBadUtf8(bytes: Uint8Array): string {
  // A lenient decoder writes U+FFFD for what it cannot read: the first byte that does not come back is the bad one.
  const again = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), 'utf8');
  const at = bytes.findIndex((byte, index) => byte !== again[index]);
  const byte = bytes[at] ?? 0;
  const reason = sequenceLength(byte) > 1 ? 'invalid continuation byte' : 'invalid start byte';
  return `'utf-8' codec can't decode byte 0x${byte.toString(16).padStart(2, '0')} in position ${at}: ${reason}`;
}

/** Python's stream reader waits for the rest of a sequence that the body breaks off; it never sees these bytes. */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** How many bytes a sequence has that begins with this one; 0: none begins with it (RFC 3629, section 4). */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xc2 || byte > 0xf4) return 0;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}
