import { expect, test } from 'vitest';
import { runProcess } from '../../src/environment/verify/client-process.ts';
import { runCommand } from '../../src/system/run.ts';

const world = { platform: process.platform, run: runCommand, signal: new AbortController().signal };

test('a client whose answer never ends is ended, and what it said is let go of', async () => {
  const script = "const said = 'x'.repeat(65_536); const say = () => process.stdout.write(said, say); say();";
  const result = await runProcess(process.execPath, ['-e', script], { env: {} }, world);
  expect(result).toMatchObject({ exitCode: null, failure: 'more than 4 MiB came', stderr: '' });
  expect(result.stdout.length).toBeLessThan(5 * 1024 * 1024);
}, 60_000);

test('one that says little is heard to its end', async () => {
  const script = "process.stdin.on('data', (text) => console.log(`${text}!`)); console.error('so')";
  const result = await runProcess(process.execPath, ['-e', script], { env: {}, input: 'hello' }, world);
  expect(result).toEqual({ stdout: 'hello!\n', stderr: 'so\n', exitCode: 0, failure: null });
}, 60_000);
