import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCurl } from '../../../../src/pages/inspector/model/curl.ts';
import { cannedDetail, cannedRow } from '../../../helpers/inspector-canned.ts';

const detail = (revealed: boolean) => ({ ...cannedDetail(cannedRow(2), revealed), method: 'POST' });

test('a request without its secrets', () => {
  expect(toCurl(detail(false))).toBe(
    [
      "curl 'https://api.example.com/auth/user/?page=2'",
      '-X POST',
      "-H 'accept: application/json'",
      `--data-raw '{"username":"alice"}'`,
    ].join(' \\\n  '),
  );
});

test('with them, where they were asked for', () => {
  expect(toCurl(detail(true))).toContain("-H 'cookie: jwt-access-token=the-real-value'");
});

test('a body that was cut, or that is not text, is left out; curl makes its own framing headers', () => {
  const request = {
    headers: [
      ['Host', 'api.example.com'],
      ['Content-Length', '5'],
      [':path', '/'],
      ['x-empty', ''],
    ] as const,
    body: { mediaType: 'text/plain', text: 'begin', size: 100_000, isCut: true },
  };
  expect(toCurl({ ...detail(false), method: 'HEAD', request })).toBe(
    ["curl 'https://api.example.com/auth/user/?page=2'", '--head', "-H 'x-empty;'"].join(' \\\n  '),
  );
});

test('whatever stands in a header, a shell hands it on as it is', () => {
  const value = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(value, (text) => {
      const request = { headers: [['x', text]] as const, body: null };
      const command = toCurl({ ...detail(false), method: 'GET', request }).replace(/^curl/, "printf '%s\\n'");
      const lines = execFileSync('sh', ['-c', command], { encoding: 'utf8' }).split('\n');
      expect(lines.slice(1, 3)).toEqual(['-H', `x: ${text}`]);
    }),
    { numRuns: 40 },
  );
});

test('what a terminal would take for keys when the command is pasted is written as escapes', () => {
  const text = "a\u0003rm '\\x'\n\u001b[201~\u009b0\u007f é";
  const request = { headers: [], body: { mediaType: 'text/plain', text, size: 30, isCut: false } };
  const command = toCurl({ ...detail(true), request });
  expect(command).not.toMatch(/[^\P{Cc}\n]/u);
  const run = execFileSync('bash', ['-c', command.replace(/^curl/, "printf '%s\\n'")], { encoding: 'utf8' });
  expect(run).toContain(`--data-raw\n${text}\n`);
});

test('a GET stays one, with a body too', () => {
  const bodiless = { ...detail(false), method: 'GET', request: { headers: [], body: null } };
  expect(toCurl(bodiless)).toBe("curl 'https://api.example.com/auth/user/?page=2'");
  expect(toCurl({ ...detail(false), method: 'GET' })).toContain('-X GET');
});
