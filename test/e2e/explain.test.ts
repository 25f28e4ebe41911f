import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, inject, test } from 'vitest';
import { cleanEnv } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** The installed program with something at its stdin. */
async function piped(input: string, ...args: readonly string[]) {
  const dir = await tempDir();
  const child = spawn(process.execPath, [inject('installedBin'), 'explain', ...args], {
    cwd: dir,
    env: cleanEnv(dir),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  // Whoever reads only the beginning closes the pipe.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}

test('a log that is piped in is explained', async () => {
  const { exitCode, stdout } = await piped(
    'one\n\u001B[31mError: connect ECONNREFUSED 127.0.0.1:443\u001B[0m\ntwo ✓\n',
  );
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^nothing listens at that address and port\n {2}ECONNREFUSED 127\.0\.0\.1:443\n/);
});

test('an empty pipe is wrong usage, and so is more than 1 MB', async () => {
  expect(await piped('')).toMatchObject({ exitCode: 2, stdout: '' });
  const large = await piped('x'.repeat(3 * 1024 * 1024), '--json');
  expect(large.exitCode).toBe(2);
  expect(JSON.parse(large.stdout)).toMatchObject({
    error: { code: 'ERR_USAGE', message: 'The text is larger than 1 MB' },
  });
});
