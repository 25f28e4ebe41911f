import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { runChild } from '../../src/system/child.ts';
import { runCommand } from '../../src/system/run.ts';
import { cleanEnv } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

async function world(extra: Readonly<Record<string, string>> = {}) {
  const cwd = await tempDir();
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  return {
    cwd,
    listeners,
    send: (signal: NodeJS.Signals) => {
      for (const listener of listeners) listener(signal);
    },
    deps: {
      cwd,
      env: cleanEnv(cwd, extra),
      platform: process.platform,
      // No process of that number: it has no terminal that would tell its group of a Ctrl-C.
      pid: 2 ** 30,
      run: runCommand,
      onStopSignal: (listener: (signal: NodeJS.Signals) => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  };
}

describe('a command of the user', () => {
  test('gets its arguments and the environment, nothing else, and its exit code comes back', async () => {
    const { cwd, deps, listeners } = await world({ GIVEN: 'a "b" $c' });
    const source =
      'fs.writeFileSync("seen.json", JSON.stringify([process.argv.slice(1), process.env.GIVEN, process.env.VITEST ?? null])); process.exit(7)';
    expect(await runChild(process.execPath, ['-e', source, '--', '--json', 'x y', '$HOME', ''], deps)).toBe(
      7,
    );
    expect(JSON.parse(await readFile(path.join(cwd, 'seen.json'), 'utf8'))).toEqual([
      ['--json', 'x y', '$HOME', ''],
      'a "b" $c',
      null,
    ]);
    expect(listeners.size).toBe(0);
  });

  test('that a signal ended has 128 and its number, as in shells', async () => {
    const { deps } = await world();
    expect(await runChild('sh', ['-c', 'kill -KILL $$'], deps)).toBe(137);
    expect(await runChild('sh', ['-c', 'kill -TERM $$'], deps)).toBe(143);
  });

  test('that is not there is told apart from one that cannot be run', async () => {
    const { cwd, deps } = await world();
    const file = path.join(cwd, 'not-executable');
    await writeFile(file, 'text');
    await chmod(file, 0o644);
    const notFound = { code: 'ERR_COMMAND_NOT_FOUND', exitCode: 127 };
    await expect(runChild('no-such-program-7f3a', [], deps)).rejects.toMatchObject(notFound);
    const notExecutable = { code: 'ERR_COMMAND_NOT_EXECUTABLE', exitCode: 126 };
    await expect(runChild(file, [], deps)).rejects.toMatchObject(notExecutable);
    await expect(runChild(cwd, [], deps)).rejects.toMatchObject(notExecutable);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'gets %s, and decides itself when it ends',
    async (signal) => {
      const { cwd, deps, send } = await world();
      const trap = `trap 'echo ${signal} > got; exit 9' ${signal.slice(3)}; echo > ready; while :; do sleep 0.05; done`;
      const code = runChild('sh', ['-c', trap], deps);
      await vi.waitFor(() => readFile(path.join(cwd, 'ready')));
      send(signal);
      expect(await code).toBe(9);
      expect(await readFile(path.join(cwd, 'got'), 'utf8')).toBe(`${signal}\n`);
    },
  );
});
