import { describe, expect, test } from 'vitest';
import { findingReporter, findingsSummary } from '../../../src/commands/up-findings.ts';
import type { StoredFinding } from '../../../src/environment/watch/finding-store.ts';
import { createOutput } from '../../../src/output.ts';

const finding = (changes: Partial<StoredFinding> = {}): StoredFinding => ({
  code: 'JD102',
  evidence: 'Seen.',
  subject: 'POST /auth/login/',
  host: 'api.example.com',
  exchanges: [],
  at: 0,
  count: 1,
  firstAt: 0,
  lastAt: 0,
  ...changes,
});

function reporter({ json = false, isDetached = false } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const output = createOutput(
    {
      writeOut: (text) => out.push(text),
      writeError: (text) => err.push(text),
      colourOut: false,
      colourError: false,
    },
    json,
  );
  const self = { node: '', script: '', typed: 'npx jwt-dev', args: [] };
  return { ...findingReporter({ output, isDetached, self }), out, err };
}

describe('findings while up runs', () => {
  test('wait for the ready line, and come then in their order', () => {
    const { onFinding, open, err } = reporter();
    onFinding(finding());
    onFinding(finding({ code: 'JD420' }));
    expect(err).toEqual([]);
    open();
    expect(err.map((text) => /JD\d+/.exec(text)?.[0])).toEqual(['JD102', 'JD420']);
  });

  test('are text with cause and fix the first time, one line with the count after that', () => {
    const { onFinding, open, out, err } = reporter();
    open();
    onFinding(finding());
    onFinding(finding({ count: 10 }));
    expect(err[0]).toMatch(
      /^warning: JD102 .* api\.example\.com\n {2}Seen\.\n {2}Why: [^]*\n {2}Fix \(fetch\): /,
    );
    expect(err[1]).toMatch(/^warning: JD102 .* api\.example\.com {2}\(10 times\)\n$/);
    expect(out).toEqual([]);
  });

  test('are no warning where they are only information', () => {
    const { onFinding, open, err } = reporter();
    open();
    onFinding(finding({ code: 'JD602' }));
    expect(err[0]).toMatch(/^JD602 /);
  });

  test('are lines of JSON with --json, but text in the log of a detached environment', () => {
    const script = reporter({ json: true });
    script.open();
    script.onFinding(finding({ count: 100 }));
    expect(script.err).toEqual([]);
    expect(script.out.map((line) => JSON.parse(line) as object)).toMatchObject([
      { event: 'finding', code: 'JD102', count: 100, firstAt: '1970-01-01T00:00:00.000Z' },
    ]);
    const detached = reporter({ json: true, isDetached: true });
    detached.open();
    detached.onFinding(finding());
    expect(detached.out).toEqual([]);
    expect(detached.err[0]).toContain('Why: ');
  });

  test('of one code are shown ten times; then the place where all of them are listed', () => {
    const { onFinding, open, err } = reporter();
    open();
    for (let index = 0; index < 30; index += 1) onFinding(finding({ subject: `GET /${index}` }));
    onFinding(finding({ code: 'JD420' }));
    expect(err).toHaveLength(12);
    expect(err[10]).toContain('npx jwt-dev status');
    expect(err[11]).toContain('JD420');
  });
});

test.each([
  [[], 0, undefined],
  [[finding({ count: 12 })], 0, '1 finding: JD102 x 12'],
  [
    [finding({ count: 12 }), finding({ code: 'JD214' }), finding({ subject: 'other', count: 3 })],
    0,
    '3 findings: JD102 x 15, JD214 x 1',
  ],
  [[finding()], 5, '1 finding: JD102 x 1; 5 exchanges came too fast to be looked at'],
  [[], 5, '5 exchanges came too fast to be looked at'],
])('the summary of %j with %i skipped: %s', (findings, skipped, text) => {
  expect(findingsSummary({ findings, skipped })).toBe(text);
});
