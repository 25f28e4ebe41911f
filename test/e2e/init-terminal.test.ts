import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import { cleanEnv } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openTerminal } from '../helpers/terminal.ts';

const ENTER = '\r';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';

async function initInTerminal() {
  const home = await tempDir();
  const project = await tempDir();
  const terminal = openTerminal([process.execPath, inject('installedBin'), 'init'], {
    cwd: project,
    env: cleanEnv(home, { TERM: 'xterm' }),
  });
  onTestFinished(() => void terminal.child.kill());
  const asked = (question: string) => vi.waitFor(() => expect(terminal.screen()).toContain(question), 20_000);
  return { ...terminal, project, asked };
}

test('in a terminal it asks what to write, and writes what was chosen', async () => {
  const { project, asked, type, exitCode } = await initInTerminal();
  await asked('Which frontend?');
  type(DOWN);
  type(ENTER);
  await asked('What answers for the API?');
  type(ENTER);
  await asked('Run the browser tests in CI?');
  type(ENTER);
  expect(await exitCode).toBe(0);
  const files = await readdir(project);
  expect(files).toContain('jwt-dev.config.json');
  expect(files).toContain('e2e');
  const config = JSON.parse(await readFile(path.join(project, 'jwt-dev.config.json'), 'utf8')) as object;
  expect(config).toMatchObject({ api: { upstream: 'bundled' } });
});

test('Ctrl-C at a question writes nothing', async () => {
  const { project, asked, type, exitCode } = await initInTerminal();
  await asked('Which frontend?');
  type(CTRL_C);
  expect(await exitCode).toBe(130);
  expect(await readdir(project)).toEqual([]);
});
