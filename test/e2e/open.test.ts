import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { cleanEnv, runCli, startUp } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

// Installed browsers on a profile of their own: the page that they draw is the proof.

const WAIT = { timeout: 60_000, interval: 100 };

async function rootless(config: Record<string, unknown> = {}) {
  const cwd = await tempDir();
  await writeFile(path.join(cwd, 'jwt-dev.config.json'), JSON.stringify(config));
  const env = cleanEnv(cwd);
  const bin = inject('installedBin');
  const up = await startUp(['--rootless'], { bin, cwd, env });
  onTestFinished(async () => void (await up.stop()));
  const open = (...args: readonly string[]) =>
    runCli(['open', '--json', '--proxy', up.ready.proxy ?? '', ...args], { bin, cwd, env });
  return { cwd, up, open };
}

/** Ends a browser that a test has opened and that does not end by itself. */
function endWithTest(stdout: string): void {
  const { pid } = JSON.parse(stdout) as { pid: number };
  onTestFinished(() => {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      // It has ended already.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  });
}

/**
 * Waits for the picture that a browser has drawn. Of an error page none is drawn: Firefox stays without, and Chromium is
 * asked for the document instead.
 */
const drawn = (file: string) =>
  vi.waitFor(async () => expect((await stat(file)).size).toBeGreaterThan(20_000), WAIT);

test.each([
  ['a CA', {}],
  ['a self-signed certificate', { tls: { mode: 'self-signed' } }],
])('Chromium loads the frontend without a port, trusting %s', async (_, config) => {
  const { open } = await rootless(config);
  const opened = await open(
    '--browser',
    'chromium',
    '--',
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--dump-dom',
  );
  expect(opened).toMatchObject({ exitCode: 0 });
  endWithTest(opened.stdout);
  const { logFile, browser, url } = JSON.parse(opened.stdout) as Record<string, string>;
  expect([browser, url]).toEqual(['chromium', 'https://example.com']);
  // An error page has no login form.
  await vi.waitFor(
    async () => expect(await readFile(logFile ?? '', 'utf8')).toContain('id="login-form"'),
    WAIT,
  );
});

test.each([
  ['a CA', {}],
  ['a self-signed certificate', { tls: { mode: 'self-signed' } }],
])('Firefox loads the frontend without a port, trusting %s', async (_, config) => {
  const { cwd, open } = await rootless(config);
  const picture = path.join(cwd, 'page.png');
  const opened = await open('--browser', 'firefox', '--', '--headless', '--screenshot', picture);
  expect(opened).toMatchObject({ exitCode: 0 });
  endWithTest(opened.stdout);
  await drawn(picture);
});

test('the running environment is found without being named', async () => {
  const { cwd } = await rootless();
  const options = { bin: inject('installedBin'), cwd };
  const args = ['open', '--json', '--browser', 'chromium', '--', '--headless', '--disable-gpu', '--dump-dom'];
  const opened = await runCli(args, options);
  endWithTest(opened.stdout);
  const { logFile } = JSON.parse(opened.stdout) as { logFile: string };
  await vi.waitFor(async () => expect(await readFile(logFile, 'utf8')).toContain('id="login-form"'), WAIT);
  const elsewhere = await runCli(['open', '--json'], { ...options, cwd: await tempDir() });
  expect(JSON.parse(elsewhere.stdout)).toMatchObject({ error: { code: 'ERR_NOT_RUNNING' } });
});

test('nothing of it is outside the state directory', async () => {
  const { cwd, open } = await rootless();
  const before = await readdir(cwd);
  const opened = await open('--browser', 'chromium', '--', '--headless', '--disable-gpu', '--dump-dom');
  endWithTest(opened.stdout);
  const { logFile } = JSON.parse(opened.stdout) as { logFile: string };
  await vi.waitFor(async () => expect(await readFile(logFile, 'utf8')).toContain('id="login-form"'), WAIT);
  expect(await readdir(cwd)).toEqual(before);
  expect((await stat(path.dirname(logFile))).mode & 0o077).toBe(0);
});

/** A program that stands for a browser: it writes down how it was started. */
async function recorder(dir: string, name: string): Promise<string> {
  const file = path.join(dir, name);
  await writeFile(
    file,
    `#!/bin/sh\nprintf '%s\\n' "$HOME" "$@" > '${dir}/started.tmp'\nmv '${dir}/started.tmp' '${dir}/started'\n`,
  );
  await chmod(file, 0o755);
  return file;
}

test('up --open opens it once everything is ready, and the names lead to the port that was had', async () => {
  const cwd = await tempDir();
  const programs = await tempDir();
  await recorder(programs, 'chromium');
  const env = cleanEnv(cwd, { PATH: `${programs}:${process.env['PATH'] ?? ''}`, DISPLAY: ':99' });
  const up = await startUp(['--https-port', '0', '--http-port', '0', '--open'], {
    bin: inject('installedBin'),
    cwd,
    env,
  });
  onTestFinished(async () => void (await up.stop()));
  const started = await vi.waitFor(() => readFile(path.join(programs, 'started'), 'utf8'), WAIT);
  const [home, ...args] = started.trim().split('\n');
  expect(home).toMatch(/\/browser\/chromium\/home$/);
  expect(args.at(-1)).toBe(up.ready.frontend);
  expect(args.find((arg) => arg.startsWith('--host-resolver-rules='))).toContain(
    `MAP example.com:443 127.0.0.1:${up.ready.httpsPort}, MAP example.com:80 127.0.0.1:${up.ready.httpPort}, MAP example.com 127.0.0.1`,
  );
  expect(await up.stop()).toBe(0);
});

test('up --open without a display says so and goes on', async () => {
  const cwd = await tempDir();
  const up = await startUp(['--rootless', '--open'], { bin: inject('installedBin'), cwd });
  onTestFinished(async () => void (await up.stop()));
  await vi.waitFor(() => expect(up.stderr()).toContain('no display'), WAIT);
  expect(await up.stop()).toBe(0);
});

test('where no browser can be opened, it is a failure that says why', async () => {
  // One environment for all: none of them gets as far as to change something in it.
  const { cwd, open, up } = await rootless();

  // One that ends at once, with what it said.
  const broken = path.join(cwd, 'broken');
  await writeFile(broken, '#!/bin/sh\necho cannot open this >&2\nexit 3\n');
  await chmod(broken, 0o755);
  const ended = await open('--browser', broken, '--', '--headless');
  expect(ended.exitCode).toBe(1);
  expect(JSON.parse(ended.stdout)).toMatchObject({
    error: { code: 'ERR_BROWSER', details: ['cannot open this'] },
  });

  // No browser, and none of that name: what to do.
  const result = await open('--browser', path.join(cwd, 'missing'));
  expect(result.exitCode).toBe(1);
  expect(JSON.parse(result.stdout)).toMatchObject({
    error: { code: 'ERR_BROWSER', hint: expect.stringContaining('--browser') },
  });
  const bare = {
    ...cleanEnv(cwd),
    PATH: path.dirname(process.execPath) === '/usr/bin' ? cwd : path.dirname(process.execPath),
  };
  const none = await runCli(['open', '--proxy', up.ready.proxy ?? ''], {
    bin: inject('installedBin'),
    cwd,
    env: bare,
  });
  expect([none.exitCode, none.stderr]).toEqual([1, expect.stringContaining('Install Chromium')]);

  // Without certutil a profile cannot be given its CA: the package is named.
  const programs = await tempDir();
  await recorder(programs, 'chromium');
  const env = cleanEnv(cwd, { PATH: programs, DISPLAY: ':99' });
  const bareOfTools = await runCli(['open', '--proxy', up.ready.proxy ?? ''], {
    bin: inject('installedBin'),
    cwd,
    env,
  });
  expect([bareOfTools.exitCode, bareOfTools.stderr]).toEqual([
    1,
    expect.stringMatching(/certutil is missing[^]*Install/),
  ]);

  // What is not a URL is wrong usage.
  expect(await open('example')).toMatchObject({ exitCode: 2 });
  expect(await open('--proxy', 'example.com')).toMatchObject({ exitCode: 2 });
});
