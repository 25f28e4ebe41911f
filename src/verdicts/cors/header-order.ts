/**
 * The order in which Chromium looks through the headers of a request. It is that of Blink's HTTPHeaderMap, a hash table,
 * and decides which of several refused headers the console names. The hash is rapidhash (first version) of the name's
 * UTF-16 code units, cut to 24 bits (Blink's CaseFoldingHash, StringHasher).
 */
const [SECRET_0, SECRET_1, SECRET_2] = [0x2d358dccaa6c78a5n, 0x8bb84b93962eacc9n, 0x4b33a62ed433d4a3n];
const SEED = 0xbdd89aa982704029n;

/** Read this many bytes and more, and the input is taken in blocks. */
const BLOCK = 48;

/** The multiplication that rapidhash is made of: both halves of the 128-bit product, folded. */
function mix(a: bigint, b: bigint): bigint {
  const product = a * b;
  return BigInt.asUintN(64, product) ^ (product >> 64n);
}

function utf16Bytes(text: string): DataView {
  const bytes = new DataView(new ArrayBuffer(text.length * 2));
  for (let index = 0; index < text.length; index += 1) {
    bytes.setUint16(index * 2, text.charCodeAt(index), true);
  }
  return bytes;
}

/** Inputs of up to 16 bytes: their first and last words, overlapping. */
function shortWords(bytes: DataView): readonly [bigint, bigint] {
  const length = bytes.byteLength;
  if (length < 4) return [length === 0 ? 0n : BigInt(bytes.getUint16(0, true)), 0n];
  const word = (offset: number): bigint => BigInt(bytes.getUint32(offset, true));
  const last = length - 4;
  const step = length >= 8 ? 4 : 0;
  return [(word(0) << 32n) | word(last), (word(step) << 32n) | word(last - step)];
}

/** Longer inputs go into the seed, except for the last 16 bytes. */
function longSeed(bytes: DataView, start: bigint): bigint {
  const word = (offset: number): bigint => bytes.getBigUint64(offset, true);
  let seed = start;
  let at = 0;
  let left = bytes.byteLength;
  if (left > BLOCK) {
    let [second, third] = [start, start];
    do {
      seed = mix(word(at) ^ SECRET_0, word(at + 8) ^ seed);
      second = mix(word(at + 16) ^ SECRET_1, word(at + 24) ^ second);
      third = mix(word(at + 32) ^ SECRET_2, word(at + 40) ^ third);
      at += BLOCK;
      left -= BLOCK;
    } while (left >= BLOCK);
    seed ^= second ^ third;
  }
  if (left > 16) seed = mix(word(at) ^ SECRET_2, word(at + 8) ^ seed ^ SECRET_1);
  if (left > 32) seed = mix(word(at + 16) ^ SECRET_2, word(at + 24) ^ seed);
  return seed;
}

/** Blink's hash of a header name in lower case. */
export function headerNameHash(name: string): number {
  const bytes = utf16Bytes(name);
  const length = BigInt(bytes.byteLength);
  let seed = SEED ^ mix(SEED ^ SECRET_0, SECRET_1) ^ length;
  let [a, b] = [0n, 0n];
  if (bytes.byteLength <= 16) {
    [a, b] = shortWords(bytes);
  } else {
    seed = longSeed(bytes, seed);
    a = bytes.getBigUint64(bytes.byteLength - 16, true);
    b = bytes.getBigUint64(bytes.byteLength - 8, true);
  }
  const product = (a ^ SECRET_1) * (b ^ seed);
  const low = BigInt.asUintN(64, product);
  const hash = Number(mix(low ^ SECRET_0 ^ length, (product >> 64n) ^ SECRET_1) & 0xffffffn);
  return hash === 0 ? 0x800000 : hash;
}

/** What Blink adds to the same table, after the script's own headers; the hints go to trustworthy targets only. */
const CLIENT_HINTS = ['sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform'];
const USER_AGENT = 'user-agent';

/** A table starts with this many places, and doubles once it is half full (Blink's HashTable). */
const TABLE_MIN = 8;

/** A name that finds its place taken goes on to the next free one, by growing steps. */
function place(table: Map<number, string>, size: number, name: string): void {
  let at = headerNameHash(name) % size;
  for (let step = 1; table.has(at); step += 1) at = (at + step) % size;
  table.set(at, name);
}

function inOrder(table: ReadonlyMap<number, string>): readonly string[] {
  return [...table].toSorted(([a], [b]) => a - b).map(([, name]) => name);
}

/**
 * Names in the table's order. They come in sorted (Fetch's header list is), and a table that grows takes its names over
 * in the order of its places.
 * @param names lower case, no duplicates.
 * @param hints whether Blink adds the `Sec-CH-UA` hints.
 */
export function tableOrder(names: readonly string[], hints: boolean): readonly string[] {
  let size = TABLE_MIN;
  let table = new Map<number, string>();
  const added = [...(hints ? CLIENT_HINTS : []), USER_AGENT].filter((name) => !names.includes(name));
  for (const name of [...names.toSorted(), ...added]) {
    place(table, size, name);
    if (table.size * 2 < size) continue;
    const grown = new Map<number, string>();
    size *= 2;
    for (const taken of inOrder(table)) place(grown, size, taken);
    table = grown;
  }
  return inOrder(table).filter((name) => names.includes(name));
}
