import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { readBody } from '../../../../src/environment/inspector/read-body.ts';
import { clientAborted } from '../../../../src/proxy/failures.ts';
import type { HeaderPairs } from '../../../../src/verdicts/header-pairs.ts';
import { bodyStart } from '../../../helpers/body-start.ts';

const JSON_TYPE: HeaderPairs = [['Content-Type', 'Application/JSON; charset=utf-8']];
const TEXT = JSON.stringify({ list: Array.from({ length: 500 }, (_, at) => ({ at, name: `é ${at}` })) });

test('a body that is not compressed', async () => {
  expect(await readBody(bodyStart('{"a":1}'), JSON_TYPE, null)).toEqual({
    mediaType: 'application/json',
    text: '{"a":1}',
    size: 7,
    isCut: false,
  });
  expect(await readBody(null, JSON_TYPE, null)).toBeNull();
  expect(await readBody(bodyStart(''), JSON_TYPE, null)).toBeNull();
});

test.each([
  ['gzip', zlib.gzipSync],
  ['x-gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['deflate', zlib.deflateRawSync],
  ['br', zlib.brotliCompressSync],
] as const)('%s is decompressed, also where only its beginning was kept', async (encoding, compress) => {
  const bytes = compress(TEXT);
  const whole = await readBody(bodyStart(bytes, { encoding }), JSON_TYPE, null);
  expect(whole).toEqual({ mediaType: 'application/json', text: TEXT, size: bytes.length, isCut: false });
  const part = await readBody(
    bodyStart(bytes.subarray(0, bytes.length - 20), { encoding, size: bytes.length }),
    JSON_TYPE,
    null,
  );
  expect(part).toMatchObject({ size: bytes.length, isCut: true });
  expect(TEXT.startsWith(part?.text ?? '-')).toBe(true);
});

test.each([
  ['gzip', zlib.gzipSync],
  ['deflate', zlib.deflateSync],
  ['br', zlib.brotliCompressSync],
] as const)('a bomb of %s is cut off', async (encoding, compress) => {
  const bomb = compress(Buffer.alloc(64 * 1024 * 1024, 'a'));
  const body = await readBody(bodyStart(bomb, { encoding }), [['content-type', 'text/plain']], null);
  expect(body).toMatchObject({ isCut: true, size: bomb.length });
  expect(body?.text).toHaveLength(64 * 1024);
});

test.each([
  ['gzip', 'no gzip at all'],
  ['br', '\u0081\u0082 no brotli'],
  ['deflate', 'x no deflate'],
  ['zstd', 'whatever'],
  ['gzip, br', 'whatever'],
])('what says %s and is none, or is not known, has no text', async (encoding, text) => {
  const body = await readBody(bodyStart(Buffer.from(text, 'latin1'), { encoding }), JSON_TYPE, null);
  expect(body?.text).toBeNull();
});

test('a character that the limit cuts in two is left out', async () => {
  const bytes = Buffer.from('aé');
  const body = await readBody(bodyStart(bytes.subarray(0, 2), { size: 3 }), JSON_TYPE, null);
  expect(body).toMatchObject({ text: 'a', size: 3, isCut: true });
});

test('the charset counts, and what is binary is no text', async () => {
  const utf16 = await readBody(
    bodyStart(Buffer.from('{"password":"x"}', 'utf16le')),
    [['content-type', 'application/json; charset="utf-16le"']],
    null,
  );
  expect(utf16?.text).toBe('{"password":"x"}');
  const undeclared = await readBody(bodyStart(Buffer.from('{"a":1}', 'utf16le')), JSON_TYPE, null);
  expect(undeclared?.text).toBeNull();
  const unknown = await readBody(bodyStart('a'), [['content-type', 'text/plain; charset=nonsense']], null);
  expect(unknown?.text).toBe('a');
});

test('of a body that broke off the size is what its header section says', async () => {
  const body = bodyStart('{"half":');
  const failure = clientAborted();
  expect(await readBody(body, [...JSON_TYPE, ['content-length', '100']], failure)).toMatchObject({
    size: 100,
    isCut: true,
  });
  expect(await readBody(body, JSON_TYPE, failure)).toMatchObject({ size: null, isCut: true });
});

test('a body that was let go of has a size and no text', async () => {
  const body = bodyStart('{"a":1}');
  body.forget();
  expect(await readBody(body, JSON_TYPE, null)).toEqual({
    mediaType: 'application/json',
    text: null,
    size: 7,
    isCut: true,
  });
});
