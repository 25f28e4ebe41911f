import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { OUTPUT_SCHEMAS, type OutputName } from '../../src/commands/json-output/index.ts';
import { chromiumFile } from '../helpers/browser.ts';
import { cleanEnv, runCli } from '../helpers/cli.ts';
import { isAlive } from '../helpers/processes.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** What was printed, held against the published schema; anything that the schema does not know is a mistake. */
const seen = new Set<OutputName>();

async function project() {
  const dir = await tempDir();
  const hosts = path.join(dir, 'hosts');
  await writeFile(hosts, '127.0.0.1 localhost\n');
  // Below the home, so that nothing of the machine's own is read or written.
  const options = { bin: inject('installedBin'), cwd: dir, env: cleanEnv(dir) };
  const lines = async (name: OutputName, exitCode: number, ...args: readonly string[]) => {
    const [command = '', ...rest] = args;
    const result = await runCli([command, '--json', ...rest], options);
    expect([args, result.exitCode, result.stderr]).toEqual([args, exitCode, result.stderr]);
    const values = result.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    for (const value of values) {
      const checked = OUTPUT_SCHEMAS[name].safeParse(value);
      expect([args, checked.error?.message, value]).toEqual([args, undefined, value]);
    }
    seen.add(name);
    return values;
  };
  return {
    dir,
    hosts,
    options,
    lines,
    json: async (name: OutputName, exitCode: number, ...args: readonly string[]) => {
      const [value, ...more] = await lines(name, exitCode, ...args);
      expect(more).toEqual([]);
      return value as Readonly<Record<string, unknown>>;
    },
  };
}

test('what every command prints is what its schema says', async () => {
  const { dir, hosts, options, lines, json } = await project();
  onTestFinished(async () => void (await runCli(['down', '--all'], options)));

  await json('init', 0, 'init', '--dry-run');
  await json('init', 0, 'init');
  await json('init', 0, 'init');
  await json('error', 1, 'init', '--api', '8000');
  await json('export', 0, 'export', 'caddy');
  await writeFile(path.join(dir, 'jwt-dev.config.json'), '{ "hosts": { "file": "hosts" } }');

  await json('hosts', 0, 'hosts');
  await json('hosts', 3, 'hosts', '--check');
  await json('hosts', 0, 'hosts', '--apply');
  await json('hosts', 0, 'hosts', '--restore');
  await json('hosts', 0, 'hosts', '--remove');
  await writeFile(hosts, '10.1.2.3 example.com\n');
  await json('hosts', 0, 'hosts');
  await json('hosts', 1, 'hosts', '--apply');
  await json('hosts', 0, 'hosts', '--apply', '--force', '--dry-run');

  await json('explain', 0, 'explain', 'JD102');
  await json('explain', 3, 'explain', 'no error');

  await json('certs', 0, 'certs');
  await json('certs', 0, 'certs', '--path');
  await json('certs', 0, 'certs', '--export', 'exported');
  await mkdir(path.join(dir, '.pki', 'nssdb'), { recursive: true });
  await json('trust', 0, 'trust', '--store', 'chromium');
  await json('trust', 0, 'trust', '--store', 'chromium', '--check');
  await json('untrust', 0, 'untrust', '--store', 'chromium');

  await json('users', 0, 'users', 'add', 'carol', '--email', 'carol@example.com');
  await json('users', 0, 'users', 'deactivate', 'carol');
  await json('users', 0, 'users', 'list');
  const dump = [
    {
      model: 'auth.user',
      pk: 1,
      fields: { username: 'dora', password: '!', date_joined: '2026-01-02T03:04:05Z' },
    },
  ];
  await writeFile(path.join(dir, 'dump.json'), JSON.stringify(dump));
  await json('users', 0, 'users', 'import', 'dump.json');

  await json('status', 3, 'status');
  await json('error', 1, 'env');
  await json('up', 0, 'up', '--dry-run');
  await json('up', 0, 'up', '--dry-run', '--rootless');
  await json('up', 0, 'up', '--detach', '--rootless');
  await json('wait', 0, 'wait');
  await json('status', 0, 'status');
  await json('env', 0, 'env');
  await json('doctor', 3, 'doctor');
  const asked = await json('doctor', 0, 'doctor', '--api', '--login', 'alice:alice');
  expect(asked).toMatchObject({ counts: { ok: 14, warn: 0, fail: 0, skip: 0 } });
  // What it tries as a stranger is nothing that the page has done.
  expect(await json('status', 0, 'status')).toMatchObject({ findings: [] });
  await json('verify', 0, 'verify', '--client', 'node,curl');

  const reset =
    "fetch(process.env.JWT_DEV_API_URL + '/auth/password/reset/', { method: 'POST', body: new URLSearchParams({ email: 'carol@example.com' }) })";
  await runCli(['users', 'activate', 'carol'], options);
  expect((await runCli(['exec', '--', process.execPath, '-e', reset], options)).exitCode).toBe(0);
  const mails = await json('outbox', 0, 'outbox', '--wait', '10s');
  expect(mails).toHaveLength(1);
  await json('outbox', 0, 'outbox', '--link');
  await json('outbox', 0, 'outbox', '--clear');

  const { pid } = await json('open', 0, 'open', '--browser', chromiumFile, '--', '--headless');
  process.kill(Number(pid));
  await vi.waitFor(() => expect(isAlive(Number(pid))).toBe(false), { timeout: 20_000 });

  await json('clean', 0, 'clean', '--dry-run', '--file', hosts);
  await json('down', 0, 'down');
  await lines('logs', 0, 'logs');
  await json('completion', 0, 'completion', 'bash');
  await json('help', 0, 'outbox', '--help');
  await json('error', 2, 'outbox', '--type', 'letter');
  await json('error', 2, 'no-such-command');

  expect([...seen].sort()).toEqual(Object.keys(OUTPUT_SCHEMAS).sort());
});

test('every line of up is what its schema says, to the last one', async () => {
  const { options } = await project();
  const { startUp } = await import('../helpers/cli.ts');
  const running = await startUp(['--rootless'], options);
  const rest: Buffer[] = [];
  running.child.stdout?.on('data', (chunk: Buffer) => rest.push(chunk));
  expect(OUTPUT_SCHEMAS.up.safeParse(running.ready).error).toBeUndefined();
  expect(await running.stop()).toBe(0);
  const lines = Buffer.concat(rest).toString().trim().split('\n');
  expect(lines.map((line) => OUTPUT_SCHEMAS.up.parse(JSON.parse(line)))).toEqual([{ event: 'stopped' }]);
});
