import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerFailure } from '../../../src/proxy/error-page.ts';
import { headerOf } from '../../../src/proxy/headers.ts';
import type { Failure, Upstream } from '../../../src/proxy/types.ts';
import { describeUpstream, withProcessHint } from '../../../src/proxy/upstream-process.ts';
import type { ServerProcess } from '../../../src/system/server-process.ts';

const running: ServerProcess = {
  command: 'npm run dev',
  state: 'running',
  pid: 4711,
  lastExit: null,
  lastLines: ['VITE ready in 300 ms'],
};

function upstreamOf(process: Partial<ServerProcess>): Upstream {
  return { kind: 'port', port: 5173, label: 'port 5173', process: () => ({ ...running, ...process }) };
}

const dead: Failure = { code: 'ERR_UPSTREAM_UNREACHABLE', message: 'Nothing answers.', hint: 'Start it.' };
const settings = { frontendOrigin: 'https://example.com', nonce: 'n0nce' };
const page = { method: 'GET', headers: ['sec-fetch-mode', 'navigate'] };
const fetched = { method: 'GET', headers: ['sec-fetch-mode', 'cors'] };

describe('withProcessHint', () => {
  test.each([
    ['starting', null, 'has been started, but it has not opened its port yet'],
    ['waiting to restart', 'exit code 1', 'ended (exit code 1) and is started again shortly'],
    ['stopped', 'SIGSEGV', 'ended (SIGSEGV) and is not started again'],
    ['running', null, 'runs (pid 4711), but does not listen on that port'],
  ] as const)('a process that is %s', (state, lastExit, hint) => {
    const told = withProcessHint(dead, upstreamOf({ state, lastExit }));
    expect(told.hint).toContain(`"npm run dev" ${hint}`);
    expect(told.message).toBe(dead.message);
  });

  test('leaves the advice where the process has no part in the failure', () => {
    const late: Failure = { ...dead, code: 'ERR_UPSTREAM_TIMEOUT' };
    expect(withProcessHint(late, upstreamOf({}))).toBe(late);
    const closed: Failure = { ...dead, code: 'ERR_UPSTREAM_CLOSED' };
    expect(withProcessHint(closed, upstreamOf({}))).toBe(closed);
    expect(withProcessHint(dead, { kind: 'port', port: 1, label: 'x' })).toBe(dead);
    expect(withProcessHint(dead, { kind: 'url', url: 'http://x', label: 'x' })).toBe(dead);
  });
});

describe('The answer for a failed upstream', () => {
  test('names it and its process in JSON', () => {
    const facts = describeUpstream(upstreamOf({ lastExit: 'exit code 1' }));
    expect(JSON.parse(answerFailure(dead, fetched, settings, facts).body)).toEqual({
      error: dead,
      upstream: { label: 'port 5173', process: { ...running, lastExit: 'exit code 1' } },
    });
    const other = describeUpstream({ kind: 'url', url: 'http://x', label: 'http://x' });
    expect(JSON.parse(answerFailure(dead, fetched, settings, other).body)).toMatchObject({
      upstream: { label: 'http://x', process: null },
    });
  });

  test('names it and its process on the page, as text', () => {
    const facts = describeUpstream(upstreamOf({ lastExit: 'exit code 1', lastLines: ['<b>one</b>', 'two'] }));
    const { body } = answerFailure(dead, page, settings, facts);
    expect(body).toContain(
      'Upstream: port 5173 · npm run dev · running · pid 4711 · last ended with exit code 1',
    );
    expect(body).toContain('<pre>&lt;b&gt;one&lt;/b&gt;\ntwo</pre>');
    const quiet = describeUpstream(upstreamOf({ pid: null, lastLines: [] }));
    expect(answerFailure(dead, page, settings, quiet).body).not.toContain('<pre>');
  });

  test('keeps the newest lines', () => {
    const lines = Array.from({ length: 1_000 }, (_, at) => `line ${at} ${'.'.repeat(80)}`);
    const kept = describeUpstream(upstreamOf({ lastLines: lines })).process?.lastLines ?? [];
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.at(-1)).toBe(lines.at(-1));
    expect(kept).toEqual(lines.slice(-kept.length));
  });

  test('stays below 10 kB whatever the texts are', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 2_000 }),
      fc.constantFrom('"'.repeat(20_000), '&'.repeat(5_000), 'ü'.repeat(9_000), '\u{1f600}'.repeat(3_000)),
    );
    fc.assert(
      fc.property(text, text, text, fc.array(text, { maxLength: 30 }), (label, command, exit, lastLines) => {
        const upstream: Upstream = {
          kind: 'port',
          port: 1,
          label,
          process: () => ({ ...running, command, lastExit: exit, lastLines, state: 'stopped' }),
        };
        const failure = withProcessHint({ ...dead, message: `Nothing answers at ${label}.` }, upstream);
        const { body, headers } = answerFailure(failure, page, settings, describeUpstream(upstream));
        expect(Buffer.byteLength(body)).toBeLessThan(10_000);
        expect(headerOf(headers, 'content-length')).toBe(String(Buffer.byteLength(body)));
      }),
      { numRuns: 50 },
    );
  });
});
