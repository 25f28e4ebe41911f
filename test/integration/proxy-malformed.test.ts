import http from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askHttp1, askHttp2, connectHttp2, connectRaw, until } from '../helpers/proxy-clients.ts';
import { listenOn, portRoute, type RunningProxy, startProxy } from '../helpers/proxy-fixture.ts';
import {
  AUTHORITY,
  FLAG,
  FRAME,
  field,
  frame,
  GET,
  headersFrame,
  METHOD,
  openRawHttp2,
  PATH,
  type RawHttp2,
  type Reply,
  SCHEME,
} from '../helpers/proxy-frames.ts';

/** What reached the upstream, beside the probes of other clients. */
let reached: string[] = [];
let fields: string[] = [];
const upstream = http.createServer((request, response) => {
  request.resume();
  if (request.url !== '/probe') {
    reached.push(`${request.method} ${request.url}`);
    fields = request.rawHeaders;
  }
  response.end('fine');
});
let proxy: RunningProxy;
/** A client that has done nothing wrong, on a connection of its own all the while. */
let innocent: ReturnType<typeof connectHttp2>;

beforeAll(async () => {
  proxy = await startProxy([portRoute('example.com', await listenOn(upstream))]);
  innocent = connectHttp2(proxy);
});
beforeEach(() => {
  reached = [];
  fields = [];
});
afterEach(async () => {
  expect((await askHttp2(proxy, { session: innocent, path: '/probe' })).body).toBe('fine');
  expect((await askHttp1(proxy, { path: '/probe' })).body).toBe('fine');
});
afterAll(async () => {
  innocent.close();
  await proxy.close();
  upstream.close();
});

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const u32 = (value: number): Buffer =>
  Buffer.from([value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]);
const setting = (id: number, value: number): Buffer => Buffer.concat([u16(id), u32(value)]);
const HUGE = 0x7fffffff;

/** Sends frames and waits for the end of the connection, or for a reply that answers them. */
async function sendFrames(bytes: readonly Buffer[], isAnswer: (reply: Reply) => boolean): Promise<RawHttp2> {
  const raw = await openRawHttp2(proxy);
  raw.socket.write(Buffer.concat(bytes));
  await until(() => raw.socket.destroyed || raw.socket.readableEnded || raw.replies().some(isAnswer));
  raw.socket.destroy();
  return raw;
}

const isReset = (reply: Reply): boolean => reply.type === FRAME.rstStream;
const isGoaway = (reply: Reply): boolean => reply.type === FRAME.goaway;
/** The end of the connection, said with its reason (RFC 9113, section 6.8: the code is at offset 4). */
const isFatal = (reply: Reply): boolean => isGoaway(reply) && reply.payload.readUInt32BE(4) !== 0;

describe('A connection error ends that connection alone, and nothing of it reaches the upstream', () => {
  const block = Buffer.concat([...GET]);
  test.each<[string, Buffer[]]>([
    ['a frame beyond the largest size', [frame(FRAME.ping, 0, 0, Buffer.alloc(16_385))]],
    ['a frame that says it is 16 MiB long', [frame(FRAME.data, 0, 1, Buffer.alloc(20_000), 0xffffff)]],
    ['SETTINGS of a broken length', [frame(FRAME.settings, 0, 0, Buffer.alloc(5))]],
    ['SETTINGS on a stream', [frame(FRAME.settings, 0, 1, setting(3, 1))]],
    ['an acknowledgement with a payload', [frame(FRAME.settings, FLAG.ack, 0, setting(3, 1))]],
    ['ENABLE_PUSH of 2', [frame(FRAME.settings, 0, 0, setting(2, 2))]],
    ['INITIAL_WINDOW_SIZE beyond 2^31-1', [frame(FRAME.settings, 0, 0, setting(4, 0x80000000))]],
    ['MAX_FRAME_SIZE below 2^14', [frame(FRAME.settings, 0, 0, setting(5, 1))]],
    ['MAX_FRAME_SIZE beyond 2^24-1', [frame(FRAME.settings, 0, 0, setting(5, 0x1000000))]],
    ['ENABLE_CONNECT_PROTOCOL of 2', [frame(FRAME.settings, 0, 0, setting(8, 2))]],
    ['PING of a broken length', [frame(FRAME.ping, 0, 0, Buffer.alloc(7))]],
    ['PING on a stream', [frame(FRAME.ping, 0, 1, Buffer.alloc(8))]],
    ['GOAWAY on a stream', [frame(FRAME.goaway, 0, 1, Buffer.alloc(8))]],
    ['GOAWAY of a broken length', [frame(FRAME.goaway, 0, 0, Buffer.alloc(3))]],
    ['HEADERS on stream 0', [frame(FRAME.headers, 5, 0, block)]],
    ['HEADERS on an even stream', [frame(FRAME.headers, 5, 2, block)]],
    ['HEADERS padded beyond their length', [frame(FRAME.headers, 5 | FLAG.padded, 1, Buffer.from([200, 0]))]],
    [
      'HEADERS whose HPACK is broken',
      [frame(FRAME.headers, 5, 1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))],
    ],
    ['HEADERS with an index that is none', [frame(FRAME.headers, 5, 1, Buffer.from([0xfe]))]],
    [
      'HEADERS with a table beyond what was agreed',
      [frame(FRAME.headers, 5, 1, Buffer.from([0x3f, 0xe1, 0xff, 3]))],
    ],
    [
      'HEADERS with a broken Huffman code',
      [frame(FRAME.headers, 5, 1, Buffer.from([0x41, 0x84, 255, 255, 255, 255]))],
    ],
    [
      'another frame before the end of the header section',
      [frame(FRAME.headers, 1, 1, block), frame(FRAME.ping, 0, 0, Buffer.alloc(8))],
    ],
    [
      'CONTINUATION on another stream',
      [frame(FRAME.headers, 1, 1, block), frame(FRAME.continuation, 4, 3, block)],
    ],
    ['CONTINUATION without HEADERS', [frame(FRAME.continuation, 4, 1, block)]],
    [
      'CONTINUATION after a whole header section',
      [headersFrame(1, GET), frame(FRAME.continuation, 4, 1, block)],
    ],
    ['DATA on stream 0', [frame(FRAME.data, 0, 0, Buffer.from('x'))]],
    ['DATA on a stream that is not open', [frame(FRAME.data, 0, 5, Buffer.from('x'))]],
    ['RST_STREAM on stream 0', [frame(FRAME.rstStream, 0, 0, u32(8))]],
    ['RST_STREAM on a stream that is not open', [frame(FRAME.rstStream, 0, 7, u32(8))]],
    [
      'RST_STREAM of a broken length',
      [headersFrame(1, GET, 4), frame(FRAME.rstStream, 0, 1, Buffer.alloc(3))],
    ],
    [
      'PUSH_PROMISE of a client',
      [headersFrame(1, GET, 4), frame(FRAME.pushPromise, 4, 1, Buffer.concat([u32(2), block]))],
    ],
    ['WINDOW_UPDATE of 0 on the connection', [frame(FRAME.windowUpdate, 0, 0, u32(0))]],
    [
      'WINDOW_UPDATE that overflows the connection',
      [frame(FRAME.windowUpdate, 0, 0, u32(HUGE)), frame(FRAME.windowUpdate, 0, 0, u32(HUGE))],
    ],
    ['WINDOW_UPDATE of a broken length', [frame(FRAME.windowUpdate, 0, 0, Buffer.alloc(3))]],
    ['WINDOW_UPDATE on a stream that is not open', [frame(FRAME.windowUpdate, 0, 9, u32(1))]],
    ['an acknowledgement of a PING that nobody sent', [frame(FRAME.ping, FLAG.ack, 0, Buffer.alloc(8))]],
  ])('%s', async (_name, frames) => {
    const later = headersFrame(101, [METHOD, SCHEME, field(':path', '/later'), AUTHORITY]);
    const raw = await sendFrames([...frames, later], isFatal);
    expect(raw.replies().some((reply) => reply.stream === 101)).toBe(false);
    // What another client asks for after it has arrived, and nothing of that connection with it.
    await askHttp2(proxy, { session: innocent, path: '/probe' });
    expect(reached).not.toContain('GET /later');
  });
});

describe('A stream error ends that stream, and nothing of it reaches the upstream', () => {
  test.each<[string, Buffer[]]>([
    ['no method', [SCHEME, PATH, AUTHORITY]],
    ['no scheme', [METHOD, PATH, AUTHORITY]],
    ['no path', [METHOD, SCHEME, AUTHORITY]],
    ['an empty path', [METHOD, SCHEME, field(':path', ''), AUTHORITY]],
    ['two methods', [METHOD, METHOD, SCHEME, PATH, AUTHORITY]],
    ['two schemes', [METHOD, SCHEME, SCHEME, PATH, AUTHORITY]],
    ['two paths', [METHOD, SCHEME, PATH, field(':path', '/smuggled'), AUTHORITY]],
    ['two authorities', [METHOD, SCHEME, PATH, AUTHORITY, field(':authority', 'api.example.com')]],
    ['an unknown pseudo-header field', [...GET, field(':evil', '1')]],
    ['a pseudo-header field of answers', [...GET, field(':status', '200')]],
    ['a pseudo-header field after others', [METHOD, SCHEME, field('x', '1'), PATH, AUTHORITY]],
    ['a name in upper case', [...GET, field('X-Upper', '1')]],
    ['Connection', [...GET, field('connection', 'close')]],
    ['Keep-Alive', [...GET, field('keep-alive', 'timeout=5')]],
    ['Proxy-Connection', [...GET, field('proxy-connection', 'keep-alive')]],
    ['Transfer-Encoding', [...GET, field('transfer-encoding', 'chunked')]],
    ['Upgrade', [...GET, field('upgrade', 'websocket')]],
    ['TE that is not trailers', [...GET, field('te', 'gzip')]],
    ['two lengths', [...GET, field('content-length', '1'), field('content-length', '2')]],
    ['a length that is none', [...GET, field('content-length', '-1')]],
    ['a length without a body', [...GET, field('content-length', '5')]],
    [
      'an extended CONNECT without a path',
      [field(':method', 'CONNECT'), field(':protocol', 'websocket'), SCHEME, AUTHORITY],
    ],
  ])('%s', async (_name, fields) => {
    const raw = await sendFrames([headersFrame(1, fields)], (reply) => isReset(reply) || isFatal(reply));
    expect(raw.replies().some((reply) => isReset(reply) || isFatal(reply))).toBe(true);
    expect(reached).toEqual([]);
  });

  test.each<[string, Buffer[]]>([
    ['DATA beyond the length that was said', [frame(FRAME.data, 1, 1, Buffer.from('more than that'))]],
    ['DATA short of the length that was said', [frame(FRAME.data, 1, 1, Buffer.from('x'))]],
    ['a trailer section with a pseudo-header field', [frame(FRAME.headers, 5, 1, METHOD)]],
    ['a second header section that does not end the stream', [headersFrame(1, GET, 4)]],
    ['WINDOW_UPDATE of 0', [frame(FRAME.windowUpdate, 0, 1, u32(0))]],
    ['WINDOW_UPDATE that overflows the stream', [frame(FRAME.windowUpdate, 0, 1, u32(HUGE))]],
  ])('%s', async (_name, frames) => {
    const post = [field(':method', 'POST'), SCHEME, PATH, AUTHORITY, field('content-length', '5')];
    const raw = await sendFrames(
      [headersFrame(1, post, 4), ...frames],
      (reply) => isReset(reply) || isFatal(reply),
    );
    expect(raw.replies().every((reply) => reply.type !== FRAME.headers)).toBe(true);
    expect(reached.length).toBeLessThanOrEqual(1);
  });

  test('others on the same connection go on', async () => {
    const raw = await openRawHttp2(proxy);
    raw.socket.write(headersFrame(1, [...GET, field('connection', 'close')]));
    raw.socket.write(headersFrame(3, GET));
    await until(() => raw.replies().some((reply) => reply.stream === 3 && reply.type === FRAME.data));
    expect(raw.replies().some((reply) => isReset(reply) && reply.stream === 1)).toBe(true);
    expect(reached).toEqual(['GET /']);
    raw.socket.destroy();
  });
});

test.each([
  ['an empty name', '', '1'],
  ['a name with a space', 'x y', '1'],
  ['a name with a colon', 'x:y', '1'],
  ['a line break in a value', 'x', 'a\r\ntransfer-encoding: chunked'],
  ['a NUL in a value', 'x', 'a\0b'],
])('A field with %s is left out (nghttp2 does so), and reaches no upstream', async (_name, name, value) => {
  const raw = await sendFrames(
    [headersFrame(1, [...GET, field(name, value), field('x-other', 'kept')])],
    (reply) => reply.stream === 1,
  );
  expect(raw.replies().some(isFatal)).toBe(false);
  await until(() => fields.length > 0);
  expect(fields).toContain('x-other');
  for (const unwanted of [name, 'transfer-encoding', 'x'])
    expect(fields.filter((_, at) => at % 2 === 0)).not.toContain(unwanted);
});

describe('What is allowed to be ignored is ignored', () => {
  test.each<[string, Buffer[]]>([
    ['an unknown frame type', [frame(0xfa, 0xff, 0, Buffer.alloc(100))]],
    ['an unknown frame type on a stream', [frame(0xfa, 0, 1, Buffer.alloc(100))]],
    ['an unknown setting', [frame(FRAME.settings, 0, 0, setting(0xfafa, HUGE))]],
    ['unknown flags', [frame(FRAME.ping, 0xfe, 0, Buffer.alloc(8))]],
    ['a reserved bit in a stream number', [frame(FRAME.windowUpdate, 0, 0x80000000, u32(1))]],
    [
      'PRIORITY, which nobody uses any more',
      [frame(FRAME.priority, 0, 3, Buffer.concat([u32(1), Buffer.from([5])]))],
    ],
  ])('%s', async (_name, frames) => {
    const raw = await sendFrames(
      [...frames, headersFrame(1, GET)],
      (reply) => reply.type === FRAME.data && reply.stream === 1,
    );
    expect(raw.replies().some(isGoaway)).toBe(false);
    expect(reached).toEqual(['GET /']);
  });

  test('a stream that depends on itself is answered or reset, and no more', async () => {
    const raw = await sendFrames(
      [
        frame(FRAME.headers, 5 | FLAG.priority, 1, Buffer.concat([u32(1), Buffer.from([5]), ...GET])),
        frame(FRAME.priority, 0, 3, Buffer.concat([u32(3), Buffer.from([5])])),
        headersFrame(5, GET),
      ],
      (reply) => isGoaway(reply) || (reply.type === FRAME.data && reply.stream === 5),
    );
    expect(raw.replies().length).toBeGreaterThan(0);
  });
});

describe('Header lists that are too large', () => {
  test.each<[string, Buffer, number]>([
    ['in large fields', field('x', 'a'.repeat(15_000)), 6],
    ['in many fields', Buffer.concat(Array.from({ length: 3_000 }, () => field('x', ''))), 3],
    ['in more frames than anybody needs', field('x', 'a'), 500],
  ])('%s, over and over on one connection', async (_name, block, frames) => {
    const raw = await openRawHttp2(proxy);
    for (let stream = 1; stream < 60 && !raw.socket.destroyed; stream += 2) {
      raw.socket.write(frame(FRAME.headers, 1, stream, Buffer.concat([...GET])));
      for (let at = 1; at <= frames; at += 1)
        raw.socket.write(frame(FRAME.continuation, at === frames ? 4 : 0, stream, block));
    }
    await until(
      () => raw.socket.destroyed || raw.replies().some((reply) => isReset(reply) || isFatal(reply)),
    );
    expect(raw.replies().every((reply) => reply.type !== FRAME.headers)).toBe(true);
    expect(reached).toEqual([]);
    raw.socket.destroy();
  });

  test('an HPACK bomb is not unpacked', async () => {
    // One field of 4 KB goes into the dynamic table; thousands of references to it are one byte each.
    const raw = await openRawHttp2(proxy);
    const value = 'a'.repeat(3_500);
    const put = Buffer.concat([Buffer.from([0x40]), field('bomb', value).subarray(1)]);
    raw.socket.write(headersFrame(1, [...GET, put, Buffer.alloc(12_000, 0xbe)]));
    await until(
      () => raw.socket.destroyed || raw.replies().some((reply) => isReset(reply) || isFatal(reply)),
    );
    expect(reached).toEqual([]);
    raw.socket.destroy();
  });
});

test('A preface that is none ends the connection', async () => {
  for (const text of [
    'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n',
    '\0'.repeat(64),
  ]) {
    const socket = await connectRaw(proxy, { ALPNProtocols: ['h2'] });
    socket.resume();
    socket.write(text);
    await until(() => socket.destroyed || socket.readableEnded);
    socket.destroy();
  }
});
