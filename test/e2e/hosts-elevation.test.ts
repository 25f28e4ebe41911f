import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runStepElevated } from '../../src/commands/hosts-world.ts';
import { JwtDevError } from '../../src/errors.ts';
import { runCommand } from '../../src/system/run.ts';
import { type HostsPlayground, makePlayground, SCRIPT } from '../helpers/hosts-cli.ts';
import { makeContext } from '../helpers/hosts-context.ts';
import { recordingRun } from '../helpers/hosts-world.ts';

let playground: HostsPlayground;
beforeEach(async () => {
  playground = await makePlayground('127.0.0.1 localhost\n');
});
afterEach(() => playground.remove());

/** A stand-in for sudo: checks that it is used as sudo is, and runs the command with the rights that are there. */
async function fakeSudo(): Promise<string> {
  const file = path.join(playground.root, 'sudo');
  await writeFile(file, '#!/bin/sh\n[ "$1" = "--" ] || exit 97\nshift\nexec "$@"\n');
  await chmod(file, 0o755);
  return file;
}

it('the real program, run by sudo with an emptied environment, writes the file and answers in JSON', async () => {
  const sudo = await fakeSudo();
  const config = await playground.addConfig('project', 'shop');
  const evil = path.join(playground.root, 'evil.cjs');
  await writeFile(evil, 'process.exit(96);');
  await mkdir(playground.home);
  const { context } = makeContext(
    { dir: playground.root, file: playground.file, stateDir: playground.home, remove: playground.remove },
    {
      interactive: true,
      isRoot: false,
      env: { JWT_DEV_HOME: playground.home, NODE_OPTIONS: `--require=${evil}`, PATH: '/nowhere' },
      self: { node: process.execPath, script: SCRIPT, typed: 'jwt-dev', args: [] },
      run: (file, args, options) => runCommand(file === 'sudo' ? sudo : file, args, options),
    },
  );
  const caller = process.getuid?.() === 0 ? 12_345 : (process.getuid?.() ?? 0);
  const answer = await runStepElevated(
    ['hosts', '--apply', '--file', playground.file, '--config', config],
    new JwtDevError('ERR_PRIVILEGE_REQUIRED', 'Changing it needs root'),
    context,
    {
      way: 'sudo',
      user: { uid: caller, gid: process.getuid?.() === 0 ? 23_456 : (process.getgid?.() ?? 0), name: 'ann' },
    },
  );
  expect(answer).toMatchObject({ file: playground.file, changed: true, applied: true });
  expect(await readFile(playground.file, 'latin1')).toContain('127.0.0.1 api.shop.example.com\n');
  // The caller's files stay the caller's.
  const backup = String(answer?.['backup']);
  expect(backup.startsWith(playground.home)).toBe(true);
  for (const made of [backup, path.dirname(backup)]) expect((await stat(made)).uid).toBe(caller);
});

it('hands the step’s own error on', async () => {
  const sudo = await fakeSudo();
  const { context } = makeContext(
    { dir: playground.root, file: playground.file, stateDir: playground.home, remove: playground.remove },
    {
      interactive: true,
      isRoot: false,
      env: { JWT_DEV_HOME: playground.home },
      self: { node: process.execPath, script: SCRIPT, typed: 'jwt-dev', args: [] },
      run: (file, args, options) => runCommand(file === 'sudo' ? sudo : file, args, options),
    },
  );
  const cause = new JwtDevError('ERR_PRIVILEGE_REQUIRED', 'Changing it needs root');
  await expect(
    runStepElevated(['hosts', '--apply', '--file', playground.root], cause, context),
  ).rejects.toMatchObject({
    code: 'ERR_HOSTS_UNREADABLE',
    message: expect.stringContaining('is a directory'),
  });
  await expect(
    runStepElevated(['hosts'], cause, { ...context, run: recordingRun().run }),
  ).rejects.toMatchObject({
    code: 'ERR_PRIVILEGE_REQUIRED',
    hint: expect.stringContaining(`${SCRIPT} hosts`),
  });
});
