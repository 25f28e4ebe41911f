import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findBrowser } from '../../src/browser/find-browser.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A PATH of one directory with programs of those names. */
async function machine(...names: readonly string[]) {
  const dir = await tempDir();
  for (const name of names) await program(path.join(dir, name), '\u007fELF');
  return { dir, world: { platform: 'linux', env: { PATH: dir }, homeDir: '/home/me' } as const };
}

async function program(file: string, content: string): Promise<void> {
  await writeFile(file, content);
  await chmod(file, 0o755);
}

test('a relative of Chromium comes before Firefox, unless Firefox is asked for', async () => {
  const { dir, world } = await machine('firefox-esr', 'brave-browser');
  expect(await findBrowser(undefined, world)).toEqual({
    kind: 'chromium',
    file: path.join(dir, 'brave-browser'),
    snap: null,
  });
  expect(await findBrowser('firefox', world)).toMatchObject({
    kind: 'firefox',
    file: path.join(dir, 'firefox-esr'),
  });
});

test('a program by its name or its file, taken for what it is called', async () => {
  const { dir, world } = await machine('librewolf', 'thorium');
  expect(await findBrowser('thorium', world)).toMatchObject({
    kind: 'chromium',
    file: path.join(dir, 'thorium'),
  });
  expect(await findBrowser(path.join(dir, 'librewolf'), world)).toMatchObject({ kind: 'firefox' });
});

test('what is not there, or cannot be run, is exit code 1 with the way out', async () => {
  const { dir, world } = await machine('chromium');
  await writeFile(path.join(dir, 'notes.txt'), 'no program');
  for (const wanted of [
    'firefox',
    path.join(dir, 'missing'),
    path.join(dir, 'notes.txt'),
    'nothing-like-it',
  ]) {
    await expect(findBrowser(wanted, world)).rejects.toMatchObject({
      code: 'ERR_BROWSER',
      exitCode: 1,
      hint: expect.stringContaining('--browser'),
    });
  }
});

test('snaps are recognised: a link to snap itself, and the script that Ubuntu installs', async () => {
  const { dir, world } = await machine('snap');
  await symlink(path.join(dir, 'snap'), path.join(dir, 'chromium'));
  await program(path.join(dir, 'firefox'), '#!/bin/sh\nexec /snap/bin/firefox "$@"\n');
  expect(await findBrowser('chromium', world)).toMatchObject({ snap: 'chromium' });
  expect(await findBrowser('firefox', world)).toMatchObject({ snap: 'firefox' });
});

test('applications of macOS and Windows are files', async () => {
  const homeDir = await tempDir();
  const dir = path.join(homeDir, 'Applications', 'Chromium.app', 'Contents', 'MacOS');
  await mkdir(dir, { recursive: true });
  await program(path.join(dir, 'Chromium'), '');
  expect(await findBrowser('chromium', { platform: 'darwin', env: {}, homeDir })).toMatchObject({
    file: path.join(dir, 'Chromium'),
  });
});
