import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { cleanEnv, runCli, startUp } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openTerminal } from '../helpers/terminal.ts';

// What `up` does with the hosts file, and what it does not do.
const ORIGINAL = '127.0.0.1\tlocalhost # keep me\n10.0.0.5 db.internal db';
const FREE_PORTS = ['--https-port', '0', '--http-port', 'none'];

let cwd: string;
let file: string;

beforeEach(async () => {
  cwd = await tempDir();
  file = path.join(cwd, 'hosts');
  await writeFile(file, ORIGINAL);
});

const content = () => readFile(file, 'utf8');
const configure = (hosts: Record<string, unknown>) =>
  writeFile(path.join(cwd, 'jwt-dev.config.json'), JSON.stringify({ hosts: { file, ...hosts } }));
const up = async (...args: readonly string[]) => {
  const running = await startUp([...FREE_PORTS, ...args], { bin: inject('installedBin'), cwd });
  onTestFinished(async () => void (await running.stop()));
  return running;
};

/** Every name on both loopback addresses, in whole lines. */
function expectEntries(text: string): void {
  for (const name of ['example.com', 'api.example.com']) {
    for (const address of ['127.0.0.1', '::1']) expect(text.split('\n')).toContain(`${address} ${name}`);
  }
}

describe('consent given beforehand', () => {
  test('--apply-hosts writes the entries, and they stay', async () => {
    await configure({});
    const running = await up('--apply-hosts');
    expectEntries(await content());
    expect(running.stderr()).not.toContain('hosts --apply');
    await running.stop();
    expectEntries(await content());
    const removed = await runCli(['hosts', '--remove'], { bin: inject('installedBin'), cwd });
    expect(removed.exitCode).toBe(0);
    expect(await content()).toBe(ORIGINAL);
  });

  test('a lease ends with the environment', async () => {
    await configure({ lease: true });
    const running = await up();
    expectEntries(await content());
    await running.stop();
    expect(await content()).toBe(ORIGINAL);
  });

  test('a lease ends with the environment also when it is killed', async () => {
    await configure({ lease: true });
    const running = await up();
    expectEntries(await content());
    await running.stop('SIGKILL');
    await vi.waitFor(async () => expect(await content()).toBe(ORIGINAL), { timeout: 10_000, interval: 50 });
  });

  test('a file that cannot be read is told, and only ends it where it was to be written', async () => {
    await configure({ file: path.join(cwd, 'missing') });
    const running = await up();
    await running.stop();
    expect(running.stderr()).toContain(path.join(cwd, 'missing'));
    const result = await runCli(['up', '--apply-hosts', ...FREE_PORTS], { bin: inject('installedBin'), cwd });
    expect([result.exitCode, result.stderr]).toEqual([1, expect.stringContaining('ERR_HOSTS_UNREADABLE')]);
  });

  test('a conflict is named with its line and nothing is written', async () => {
    await writeFile(file, '10.9.8.7 example.com\n');
    await configure({ apply: true });
    const result = await runCli(['up', '--json', ...FREE_PORTS], { bin: inject('installedBin'), cwd });
    expect(result.exitCode).toBe(1);
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'ERR_HOSTS_CONFLICT' } });
    expect(result.stderr).toContain('line 1');
    expect(await content()).toBe('10.9.8.7 example.com\n');
  });
});

describe('in a terminal', () => {
  const terminal = () => {
    const opened = openTerminal([process.execPath, inject('installedBin'), 'up', ...FREE_PORTS], {
      cwd,
      env: cleanEnv(cwd, { TERM: 'xterm' }),
    });
    onTestFinished(() => void opened.child.kill('SIGKILL'));
    return opened;
  };
  const shows = (opened: ReturnType<typeof openTerminal>, text: string) =>
    vi.waitFor(() => expect(opened.screen()).toContain(text), { timeout: 30_000 });

  test('it asks once, and yes writes the entries', async () => {
    await configure({});
    const opened = terminal();
    await shows(opened, '[y/N]');
    expect(await content()).toBe(ORIGINAL);
    opened.type('y\n');
    await shows(opened, 'Ctrl-C stops it');
    expectEntries(await content());
    opened.type('\u0003');
    expect(await opened.exitCode).toBe(0);
    expect(opened.screen().match(/\[y\/N\]/g)).toHaveLength(1);
  });

  test('no leaves the file alone and shows the command', async () => {
    await configure({});
    const opened = terminal();
    await shows(opened, '[y/N]');
    opened.type('n\n');
    await shows(opened, 'hosts --apply');
    expect(await content()).toBe(ORIGINAL);
    opened.type('\u0003');
    expect(await opened.exitCode).toBe(0);
  });

  test('Ctrl-C at the question stops it, with nothing written', async () => {
    await configure({});
    const opened = terminal();
    await shows(opened, '[y/N]');
    opened.type('\u0003');
    expect(await opened.exitCode).toBe(0);
    expect(await content()).toBe(ORIGINAL);
  });
});
