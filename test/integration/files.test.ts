import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  exists,
  makePrivateDir,
  readFileIfPresent,
  sweepTemporaries,
  writeFileAtomic,
} from '../../src/system/files.ts';
import { tempDir } from '../helpers/temp-dir.ts';

test('a file is replaced with exactly the asked mode and nothing is left beside it', async () => {
  const dir = await tempDir();
  const file = path.join(dir, 'key.pem');
  await writeFile(file, 'old');
  await chmod(file, 0o644);
  await writeFileAtomic(file, 'new', { mode: 0o600, owner: null });
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(dir)).toEqual(['key.pem']);
});

test('a failed write keeps the old file, leaves nothing and names the file', async () => {
  const dir = await tempDir();
  const target = path.join(dir, 'taken');
  await mkdir(path.join(target, 'full'), { recursive: true });
  await expect(writeFileAtomic(target, 'x', { mode: 0o600, owner: null })).rejects.toMatchObject({
    code: 'ERR_FILE_WRITE',
    message: expect.stringContaining(target),
  });
  expect(await readdir(dir)).toEqual(['taken']);
});

test('a private directory is made with its parents for its owner alone', async () => {
  const dir = path.join(await tempDir(), 'a', 'b');
  await makePrivateDir(dir, null);
  await makePrivateDir(dir, null);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
});

test('a missing file is undefined, anything else that cannot be read is an error', async () => {
  const dir = await tempDir();
  expect(await readFileIfPresent(path.join(dir, 'none'))).toBeUndefined();
  await expect(readFileIfPresent(dir)).rejects.toMatchObject({ code: 'ERR_FILE_READ' });
});

test('a dangling link exists, a name below a file does not', async () => {
  const dir = await tempDir();
  await symlink('/nowhere/at/all', path.join(dir, 'link'));
  await writeFile(path.join(dir, 'file'), '');
  expect(await exists(path.join(dir, 'link'))).toBe(true);
  expect(await exists(path.join(dir, 'file', 'below'))).toBe(false);
});

test('what a killed writer left beside a file goes once nobody can be writing it', async () => {
  const dir = await tempDir();
  const at = (name: string): string => path.join(dir, name);
  const kept = ['key.json', 'key.json.tmp', 'key.json.0123456789ab.tmp', 'other.0123456789ab.tmp'];
  for (const name of [...kept, 'key.json.ba9876543210.tmp']) await writeFile(at(name), 'x');
  const before = new Date(Date.now() - 61_000);
  await utimes(at('key.json.ba9876543210.tmp'), before, before);
  await sweepTemporaries([at('key.json')], { olderThanMs: 60_000 });
  expect((await readdir(dir)).toSorted()).toEqual(kept.toSorted());
  await sweepTemporaries([at('key.json')], { olderThanMs: 0 });
  expect((await readdir(dir)).toSorted()).toEqual(['key.json', 'key.json.tmp', 'other.0123456789ab.tmp']);
});
