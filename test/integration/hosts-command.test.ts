import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostsOptions, registerHosts, runHosts } from '../../src/commands/hosts.ts';
import { applyConfiguredHosts } from '../../src/commands/hosts-act.ts';
import { settleNames } from '../../src/commands/hosts-after.ts';
import { hostsTargets } from '../../src/commands/hosts-targets.ts';
import { hostsRequest, hostsWorld } from '../../src/commands/hosts-world.ts';
import type { Context } from '../../src/context.ts';
import { makeConfig, makeContext } from '../helpers/hosts-context.ts';
import { WANTED } from '../helpers/hosts-files.ts';
import {
  DONE,
  type HostsSandbox,
  makeSandbox,
  makeWorld,
  ORIGINAL,
  recordingRun,
} from '../helpers/hosts-world.ts';

let sandbox: HostsSandbox;
beforeEach(async () => {
  sandbox = await makeSandbox();
});
afterEach(() => sandbox.remove());

interface Answer {
  readonly exitCode: number;
  readonly json: Record<string, unknown>;
  readonly stderr: string;
}

async function hosts(options: HostsOptions, overrides: Partial<Context> = {}): Promise<Answer> {
  const { context, stdout, stderr } = makeContext(sandbox, overrides, true);
  const exitCode = await runHosts(options, context, makeConfig(sandbox));
  return { exitCode, json: JSON.parse(stdout()) as Record<string, unknown>, stderr: stderr() };
}

const kinds = ({ json }: Answer): readonly string[] =>
  (json['changes'] as { kind: string; address: string; hostname: string }[]).map(
    ({ kind, address, hostname }) => `${kind} ${address} ${hostname}`,
  );
const read = (): Promise<string> => readFile(sandbox.file, 'latin1');
const ALL = ['127.0.0.1 example.com', '::1 example.com', '127.0.0.1 api.example.com', '::1 api.example.com'];

describe('jwt-dev hosts --json', () => {
  it('shows the plan and writes nothing', async () => {
    const answer = await hosts({});
    expect(answer.json).toEqual({
      file: sandbox.file,
      changed: true,
      applied: false,
      changes: expect.any(Array),
      conflicts: [],
      backup: null,
    });
    expect(kinds(answer)).toEqual(ALL.map((entry) => `add ${entry}`));
    expect(answer.exitCode).toBe(0);
    expect(await read()).toBe(ORIGINAL);
  });

  it('applies, keeps, and removes', async () => {
    const applied = await hosts({ apply: true });
    expect(applied.json).toMatchObject({
      changed: true,
      applied: true,
      backup: expect.stringContaining('/backups/hosts/'),
    });
    const kept = await hosts({ apply: true });
    expect(kept.json).toMatchObject({ changed: false, applied: false, backup: null });
    expect(kinds(kept)).toEqual(ALL.map((entry) => `keep ${entry}`));
    const removed = await hosts({ remove: true });
    expect(kinds(removed)).toEqual(ALL.map((entry) => `remove ${entry}`));
    expect(await read()).toBe(ORIGINAL);
    expect((await hosts({ remove: true })).json).toMatchObject({
      changed: false,
      applied: false,
      changes: [],
    });
  });

  it('answers drift with 3, and 0 when all is in place', async () => {
    expect((await hosts({ check: true })).exitCode).toBe(3);
    await hosts({ apply: true });
    expect((await hosts({ check: true })).exitCode).toBe(0);
    await writeFile(sandbox.file, (await read()).replace('::1 api', '# ::1 api'));
    const drift = await hosts({ check: true });
    expect(drift.exitCode).toBe(3);
    expect(kinds(drift)).toContain('add ::1 api.example.com');
  });

  it('writes nothing in a dry run, whatever else is said', async () => {
    expect((await hosts({ apply: true, dryRun: true })).json).toMatchObject({
      changed: true,
      applied: false,
    });
    expect(await read()).toBe(ORIGINAL);
  });

  it('refuses a conflict with 1, in the documented shape and with its code', async () => {
    await writeFile(sandbox.file, `${ORIGINAL}10.0.0.9 example.com\n`);
    const conflicts = [{ line: 5, hostname: 'example.com', found: '10.0.0.9' }];
    const refused = await hosts({ apply: true });
    expect(refused).toMatchObject({
      exitCode: 1,
      json: { applied: false, conflicts, backup: null, error: { code: 'ERR_HOSTS_CONFLICT' } },
    });
    expect((await hosts({})).json).toMatchObject({ conflicts });
    expect((await hosts({ check: true })).exitCode).toBe(3);
    expect((await hosts({ apply: true, dryRun: true })).exitCode).toBe(1);
    expect(await read()).toBe(`${ORIGINAL}10.0.0.9 example.com\n`);
  });

  it('says what --force will do before it does it', async () => {
    await writeFile(sandbox.file, `${ORIGINAL}10.0.0.9 example.com db\n`);
    const { exitCode, json, stderr } = await hosts({ apply: true, force: true });
    expect(stderr).toContain('Line 5 becomes a comment until "hosts --remove": 10.0.0.9 example.com db\n');
    expect(json['switchesOff']).toEqual([{ line: 5, text: '10.0.0.9 example.com db' }]);
    expect(exitCode).toBe(0);
    await hosts({ remove: true });
    expect(await read()).toBe(`${ORIGINAL}10.0.0.9 example.com db\n`);
  });

  it('restores the last backup', async () => {
    const { json } = await hosts({ apply: true });
    expect((await hosts({ restore: true, dryRun: true })).json).toMatchObject({
      restored: json['backup'],
      applied: false,
    });
    expect((await hosts({ restore: true })).json).toMatchObject({ restored: json['backup'], applied: true });
    expect(await read()).toBe(ORIGINAL);
  });

  it('takes out the blocks of all projects', async () => {
    await hosts({ apply: true });
    await writeFile(sandbox.file, (await read()).replaceAll('project-0123456789', 'gone-9876543210'));
    expect((await hosts({ remove: true })).json).toMatchObject({ changed: false });
    expect((await hosts({ remove: true, all: true })).json).toMatchObject({ changed: true, applied: true });
    expect(await read()).toBe(ORIGINAL);
  });
});

describe('for people', () => {
  it('is a diff', async () => {
    const { context, stdout, stderr } = makeContext(sandbox);
    await runHosts({}, context, makeConfig(sandbox));
    expect(stdout()).toBe(`${sandbox.file}\n${ALL.map((entry) => `+ ${entry}\n`).join('')}`);
    expect(stderr()).toBe('Write it with: jwt-dev hosts --apply\n');
  });

  it('says where the old bytes are, and when there was nothing to do', async () => {
    const first = makeContext(sandbox);
    await runHosts({ apply: true }, first.context, makeConfig(sandbox));
    expect(first.stdout()).toMatch(/Written\. The bytes from before: .*\.bak\n$/);
    const second = makeContext(sandbox);
    await runHosts({ apply: true }, second.context, makeConfig(sandbox));
    expect(second.stdout()).toMatch(/Already in place; nothing was written\.\n$/);
  });
});

describe('without the privilege', () => {
  /** Runs as a user who may read the file and write neither it nor its directory. */
  async function unprivileged<T>(act: (user: Partial<Context>) => Promise<T>): Promise<T> {
    const root = path.dirname(sandbox.dir);
    const stateDir = path.join(root, 'their-state');
    await mkdir(stateDir, { mode: 0o777 });
    await chmod(root, 0o755);
    await chmod(sandbox.file, 0o444);
    await chmod(sandbox.dir, 0o555);
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(NOBODY);
    try {
      return await act({ isRoot: false, paths: { dataDir: stateDir, stateDir } });
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(sandbox.dir, 0o755);
    }
  }

  it('answers 4 with the exact command where nobody can be asked', async () => {
    const error = await unprivileged((user) =>
      hosts({ apply: true }, user).catch((thrown: unknown) => thrown),
    );
    expect(error).toMatchObject({
      code: 'ERR_PRIVILEGE_REQUIRED',
      exitCode: 4,
      hint: `Run: sudo /opt/node /opt/jwt-dev.js hosts --apply --file ${sandbox.file} --config /project/jwt-dev.config.json`,
    });
    expect(await read()).toBe(ORIGINAL);
  });

  it('runs only this step through sudo where a person is there, and takes over its answer', async () => {
    const step = {
      file: sandbox.file,
      changed: true,
      applied: true,
      changes: [],
      conflicts: [],
      backup: '/b',
    };
    const { run, calls } = recordingRun(() => ({ ...DONE, stdout: `${JSON.stringify(step)}\n` }));
    const answer = await unprivileged((user) =>
      hosts({ apply: true, force: true }, { ...user, interactive: true, run }),
    );
    expect(answer).toMatchObject({ exitCode: 0, json: { applied: true, backup: '/b' } });
    expect(calls).toHaveLength(1);
    const [sudo = []] = calls;
    expect(sudo.slice(0, 4)).toEqual(['sudo', '--', '/usr/bin/env', '-i']);
    expect(sudo.slice(sudo.indexOf('/opt/node')).join(' ')).toBe(
      `/opt/node /opt/jwt-dev.js hosts --apply --force --file ${sandbox.file} --config /project/jwt-dev.config.json --json --elevated`,
    );
  });

  it.each([
    [
      'the step fails',
      '{"error":{"code":"ERR_HOSTS_LOCKED","message":"busy","hint":null,"details":[]}}',
      'ERR_HOSTS_LOCKED',
    ],
    ['consent is not given', '', 'ERR_PRIVILEGE_REQUIRED'],
  ])('fails as the step does when %s', async (_, stdout, code) => {
    const { run } = recordingRun(() => ({ ...DONE, exitCode: 1, stdout }));
    const error = await unprivileged((user) =>
      hosts({ apply: true }, { ...user, interactive: true, run }).catch((thrown: unknown) => thrown),
    );
    expect(error).toMatchObject({ code });
  });

  it('asks nobody a second time when the step itself lacks it', async () => {
    const { run, calls } = recordingRun();
    const error = await unprivileged((user) =>
      hosts({ apply: true, elevated: true }, { ...user, interactive: true, run }).catch(
        (thrown: unknown) => thrown,
      ),
    );
    expect(error).toMatchObject({
      code: 'ERR_PRIVILEGE_REQUIRED',
      hint: expect.not.stringContaining('--elevated'),
    });
    expect(calls).toEqual([]);
  });

  it('is not asked for when all is in place', async () => {
    await hosts({ apply: true });
    const { run, calls } = recordingRun();
    const answer = await unprivileged((user) => hosts({ apply: true }, { ...user, interactive: true, run }));
    expect(answer).toMatchObject({ exitCode: 0, json: { changed: false, applied: false } });
    expect(calls).toEqual([]);
  });

  it('is asked of Windows on Windows', async () => {
    const { run, calls } = recordingRun(() => ({ ...DONE, exitCode: 1 }));
    const error = await unprivileged((user) =>
      hosts({ apply: true }, { ...user, platform: 'win32', interactive: true, run }).catch(
        (thrown: unknown) => thrown,
      ),
    );
    expect(error).toMatchObject({
      code: 'ERR_PRIVILEGE_REQUIRED',
      hint: expect.stringMatching(/^Run as administrator: /),
    });
    expect(calls.map(([file]) => file)).toEqual(['powershell']);
  });
});

describe('under WSL', () => {
  it('writes the file of Windows too, and shows both', async () => {
    const windowsFile = path.join(sandbox.dir, 'windows-hosts');
    await writeFile(windowsFile, '127.0.0.1 localhost\r\n');
    const { run } = recordingRun((file) => ({
      ...DONE,
      stdout: file === 'cmd.exe' ? 'C:\\Windows\r\n' : `${windowsFile}\n`,
    }));
    const { context } = makeContext(sandbox, { env: { WSL_DISTRO_NAME: 'Ubuntu' }, run });
    const [own, windows] = await hostsTargets(
      hostsRequest(makeConfig(sandbox)),
      context,
      hostsWorld(context),
      async () => true,
    );
    expect(own).toMatchObject({ request: { file: sandbox.file }, elevation: { way: 'sudo' } });
    expect(windows).toMatchObject({
      request: { file: windowsFile },
      world: { isRoot: false },
      elevation: { way: 'wsl', distribution: 'Ubuntu' },
    });
  });

  it('leaves Windows alone when it is about another file', async () => {
    const { run, calls } = recordingRun();
    expect(
      (await hosts({ apply: true }, { env: { WSL_DISTRO_NAME: 'Ubuntu' }, run })).json['windows'],
    ).toBeUndefined();
    expect(calls.filter(([file]) => file === 'cmd.exe')).toEqual([]);
  });
});

describe('the names after an apply', () => {
  const report = {
    file: '/etc/hosts',
    changed: true,
    applied: true,
    changes: [],
    conflicts: [],
    switchesOff: [],
    backup: null,
  };

  it('are resolved for the file of this machine', async () => {
    const { context } = makeContext(sandbox, { platform: 'darwin' });
    const settled = await settleNames(report, { entries: WANTED }, context, makeWorld(sandbox), async () => [
      '127.0.0.1',
    ]);
    expect(settled.resolution.map(({ hostname, reaches }) => `${hostname} ${reaches}`)).toEqual([
      'example.com us',
      'api.example.com us',
    ]);
    expect(settled.caches.map(({ name }) => name)).toContain('mDNSResponder');
  });

  it('say nothing about any other file', async () => {
    const { context } = makeContext(sandbox);
    const settled = await settleNames(
      { ...report, file: sandbox.file },
      { entries: WANTED },
      context,
      makeWorld(sandbox),
    );
    expect(settled).toEqual({ caches: [], resolution: [] });
  });
});

describe('the command line', () => {
  const parse = async (...argv: string[]): Promise<unknown> => {
    const program = new Command().exitOverride();
    let overrides: unknown;
    registerHosts(program, async (action) => {
      const { context } = makeContext(sandbox);
      await action(context, async (given) => {
        overrides = given;
        return makeConfig(sandbox);
      });
    });
    await program.parseAsync(['hosts', ...argv], { from: 'user' });
    return overrides;
  };

  it.each([[['--apply', '--remove']], [['--check', '--restore']], [['--all']], [['--remove', '--force']]])(
    'refuses %j',
    async (argv) => {
      await expect(parse(...argv)).rejects.toMatchObject({ code: 'ERR_USAGE', exitCode: 2 });
    },
  );

  it('reads --file from the working directory', async () => {
    expect(await parse('--file', 'other')).toEqual({ hostsFile: path.join(sandbox.dir, 'other') });
    expect(await parse()).toEqual({});
  });
});

it('applies with consent that was given beforehand, and prints nothing', async () => {
  const { context, stdout, stderr } = makeContext(sandbox);
  const [written] = await applyConfiguredHosts(context, makeConfig(sandbox));
  expect(written?.report.applied).toBe(true);
  expect(await read()).toContain('127.0.0.1 example.com');
  expect(stdout() + stderr()).toBe('');
});

const NOBODY = 65_534;
