import { once } from 'node:events';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OUTPUT_SCHEMAS } from '../../src/commands/json-output/index.ts';
import type { Context } from '../../src/context.ts';
import { JwtDevError } from '../../src/errors.ts';
import { createOutput } from '../../src/output.ts';
import { runProgram } from '../../src/program.ts';
import { chromiumFile } from '../helpers/browser.ts';
import { cleanEnv } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const fixtures = fileURLToPath(new URL('../fixtures/har', import.meta.url));

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Checked against the published schema. */
  readonly json: () => Record<string, unknown>;
}

/** Runs the program as the command line does, up to the place that catches. */
async function run(
  args: readonly string[],
  world: { readonly cwd?: string; readonly stdin?: string } = {},
): Promise<Run> {
  let stdout = '';
  let stderr = '';
  const stdin = world.stdin ?? 'terminal';
  const context = {
    version: '0.0.0',
    cwd: world.cwd ?? fixtures,
    self: { node: process.execPath, script: 'bin/jwt-dev.js', typed: 'npx jwt-dev', args: [] },
    input: {
      isTerminal: stdin === 'terminal',
      read: (limit: number) => Promise.resolve(stdin.length > limit ? null : Buffer.from(stdin)),
    },
    output: createOutput(
      {
        writeOut: (text) => (stdout += text),
        writeError: (text) => (stderr += text),
        colourOut: false,
        colourError: false,
      },
      args.includes('--json'),
    ),
  } as unknown as Context;
  const exitCode = await runProgram(['explain', ...args], context);
  return {
    exitCode,
    stdout,
    stderr,
    json: () => {
      const value = JSON.parse(stdout) as unknown;
      expect(OUTPUT_SCHEMAS.explain.safeParse(value).error?.message).toBeUndefined();
      return value as Record<string, unknown>;
    },
  };
}

async function failure(...args: Parameters<typeof run>): Promise<JwtDevError> {
  const error = await run(...args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof JwtDevError)) throw new Error(`no JwtDevError: ${String(error)}`);
  return error;
}

describe('a text', () => {
  test('is explained with cause and fixes, in the words that the user types', async () => {
    const { exitCode, stdout, stderr } = await run([
      'GET https://api.example.com/ net::ERR_CERT_AUTHORITY_INVALID',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^JD301 a browser refused the certificate\n {2}GET https:/);
    expect(stdout).toContain('  Why: That browser does not trust');
    expect(stdout).toContain('  Fix (terminal): npx jwt-dev trust\n');
  });

  test('needs no quotes where the shell does not mind', async () => {
    expect((await run(['curl:', '(7)', 'Failed', 'to', 'connect'])).stdout).toMatch(/^nothing listens/);
  });

  test('with --json is what the schema says', async () => {
    const { exitCode, json } = await run(['--json', 'JD102 and then ECONNREFUSED 127.0.0.1:443']);
    expect(exitCode).toBe(0);
    expect(json()).toMatchObject({
      kind: 'text',
      known: true,
      explanations: [
        { code: 'JD102', name: 'credentials-missing' },
        { code: null, name: 'connection-refused', parameters: { host: '127.0.0.1', port: '443' } },
      ],
    });
  });

  test('comes from stdin where none is given, without its colours', async () => {
    const { exitCode, stdout } = await run([], {
      stdin: '\u001B[31merror\u001B[0m Invalid\u001B[1mDomain\n',
    });
    expect({ exitCode, head: stdout.split('\n')[0] }).toEqual({
      exitCode: 0,
      head: 'JD440 Set-Cookie refused: Domain',
    });
  });

  test('that is unknown says so and what to try, with exit code 3', async () => {
    const { exitCode, stdout, stderr } = await run(['the cat sat on the mat']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toContain('npx jwt-dev doctor');
    const { json, exitCode: same } = await run(['--json', 'the cat sat on the mat']);
    expect(same).toBe(3);
    expect(json()).toEqual({ kind: 'text', known: false, explanations: [] });
  });

  test('must be there: a terminal, or an empty pipe, is told what to paste', async () => {
    for (const stdin of ['terminal', '', ' \n']) {
      const { code, exitCode, hint } = await failure([], { stdin });
      expect({ code, exitCode }).toEqual({ code: 'ERR_USAGE', exitCode: 2 });
      expect(hint).toContain('npx jwt-dev explain "');
    }
  });

  test('may have 1 MB, as an argument and from stdin', async () => {
    const large = 'x'.repeat(1024 * 1024 + 1);
    expect((await failure([], { stdin: large })).message).toContain('1 MB');
    expect((await failure([large])).message).toContain('1 MB');
    expect((await run([], { stdin: `${large.slice(0, -20)}\nJD102` })).exitCode).toBe(0);
  });
});

describe('a recording', () => {
  test('with mistakes is exit code 3, and each finding has entry, cause and fixes', async () => {
    const { exitCode, stdout } = await run(['--har', 'firefox.har']);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^JD101 cross-site request {2}api\.example\.com\n/m);
    expect(stdout).toContain('\n  In: entry 2\n');
    expect(stdout).toContain('Looked at 2 exchanges, 1 of the API');
    const { json } = await run(['--har', 'firefox.har', '--json']);
    expect(json()).toMatchObject({
      kind: 'har',
      file: path.join(fixtures, 'firefox.har'),
      creator: 'Firefox 153.0',
      frontend: 'http://localhost:5173',
      api: 'https://api.example.com',
      exchanges: 2,
      apiExchanges: 1,
    });
  });

  test('without mistakes says what was looked at, with exit code 0', async () => {
    const { exitCode, stdout, stderr } = await run(['--har', 'clean.har']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(
      'Looked at 3 exchanges, 2 of the API: page https://example.com, API https://api.example.com. Nothing is wrong with its cookies and CORS answers.\n',
    );
  });

  test('without cookies is noted, as is an API that nobody asked', async () => {
    const { stderr } = await run(['--har', 'chromium-sanitised.har']);
    expect(stderr).toContain('allow to generate HAR with sensitive data');
    const other = await run([
      '--har',
      'clean.har',
      '--api',
      'https://api.shop.test',
      '--frontend',
      'https://shop.test',
    ]);
    expect(other.exitCode).toBe(0);
    expect(other.stderr).toContain('None of the exchanges goes to https://api.shop.test');
  });

  test('may begin with a byte order mark', async () => {
    const dir = await tempDir();
    const text = await readFile(path.join(fixtures, 'clean.har'), 'utf8');
    await writeFile(path.join(dir, 'bom.har'), `\uFEFF${text}`);
    expect((await run(['--har', 'bom.har'], { cwd: dir })).exitCode).toBe(0);
  });

  test('that cannot be used says why', async () => {
    const dir = await tempDir();
    const write = (name: string, text: string) => writeFile(path.join(dir, name), text);
    await write('text.har', 'no json');
    await write('entry.har', '{"log":{"entries":[{"request":{}}]}}');
    await write('empty.har', '{"log":{"entries":[]}}');
    await write('large.har', '');
    await truncate(path.join(dir, 'large.har'), 200 * 1024 * 1024 + 1);
    await mkdir(path.join(dir, 'folder.har'));
    const said = async (file: string) => {
      const { code, message, details, hint } = await failure(['--har', file], { cwd: dir });
      expect(hint).toBeDefined();
      return { code, text: [message, ...details].join(' ') };
    };
    expect(await said('text.har')).toMatchObject({
      code: 'ERR_FILE_READ',
      text: expect.stringContaining('It is no JSON'),
    });
    expect(await said('entry.har')).toMatchObject({
      text: expect.stringContaining('Entry 1 has no response.'),
    });
    expect(await said('empty.har')).toMatchObject({
      code: 'ERR_USAGE',
      text: expect.stringContaining('0 exchanges'),
    });
    expect(await said('large.har')).toMatchObject({ text: expect.stringContaining('larger than 200 MB') });
    expect(await said('folder.har')).toMatchObject({ code: 'ERR_FILE_READ' });
    expect(await said('gone.har')).toMatchObject({
      code: 'ERR_FILE_READ',
      text: expect.stringContaining('ENOENT'),
    });
  });

  test.each([
    [['--api', 'https://api.example.com'], '--frontend and --api belong to a recording'],
    [['--har', 'clean.har', 'JD102'], 'not both'],
    [['--har', 'clean.har', '--api', 'api.example.com'], '--api is not a URL'],
    [['--har', 'clean.har', '--frontend', 'file:///x'], '--frontend is not a URL'],
  ])('%j is wrong usage', async (args, message) => {
    expect(await failure(args)).toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining(message),
    });
  });
});

async function listen(handler: http.RequestListener): Promise<string> {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('what a real Chromium recorded is judged as it judged it', { timeout: 60_000 }, async () => {
  const api = await listen((request, response) => {
    const isLogin = request.url === '/auth/login/';
    response.setHeader('Access-Control-Allow-Origin', isLogin ? (request.headers.origin ?? '') : '*');
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Vary', 'Origin');
    if (isLogin) response.setHeader('Set-Cookie', ['sid=1; Domain=other.test; Path=/', 'ok=1; Path=/']);
    response.end('{}');
  });
  const page = await listen((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>page</title>');
  });
  const dir = await tempDir();
  const browser = await chromium.launch({
    executablePath: chromiumFile,
    env: cleanEnv(dir),
    args: ['--no-sandbox', '--disable-gpu', '--no-proxy-server'],
  });
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ recordHar: { path: path.join(dir, 'real.har') } });
  const tab = await context.newPage();
  const lines: string[] = [];
  tab.on('console', (message) => lines.push(message.text()));
  await tab.goto(page);
  const call = (path: string) =>
    tab.evaluate(
      `fetch('${api}${path}', { method: 'POST', body: 'x', credentials: 'include' }).then(() => 'read', () => 'refused')`,
    );
  expect([await call('/auth/login/'), await call('/auth/user/')]).toEqual(['read', 'refused']);
  const cookies = await context.cookies(api);
  await context.close();
  expect(cookies.map(({ name }) => name)).toEqual(['ok']);

  const { exitCode, json, stderr } = await run(['--har', 'real.har', '--json'], { cwd: dir });
  const answer = json() as unknown as {
    readonly findings: readonly {
      readonly code: string;
      readonly reason: string | null;
      readonly subject: string;
    }[];
  };
  expect({ exitCode, ...answer }).toMatchObject({ exitCode: 3, frontend: page, api });
  expect(answer.findings.map(({ code, subject }) => [code, subject])).toContainEqual(['JD440', 'sid']);
  // Chromium records no answer that it kept from the page; its console has the cause.
  expect(stderr).toContain('1 request failed in the browser and left no answer in the file: entry 3');
  expect((await run([lines.join('\n')])).stdout).toMatch(/^JD201 /);
});
