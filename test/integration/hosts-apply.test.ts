import { execFileSync } from 'node:child_process';
import {
  chmod,
  chown,
  link,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyHosts, inspectHosts, removeAllHosts } from '../../src/hosts/apply.ts';
import { realFileSystem } from '../../src/hosts/file-system.ts';
import { MAX_HOSTS_BYTES } from '../../src/hosts/read.ts';
import { isInPlace } from '../../src/hosts/request.ts';
import { restoreHosts } from '../../src/hosts/restore.ts';
import type { HostsWorld } from '../../src/hosts/world.ts';
import { runCommand } from '../../src/system/run.ts';
import { faultyFileSystem } from '../helpers/hosts-faulty-fs.ts';
import {
  type HostsSandbox,
  leftovers,
  makeRequest,
  makeSandbox,
  makeWorld,
  ORIGINAL,
} from '../helpers/hosts-world.ts';

let sandbox: HostsSandbox;
let world: HostsWorld;
const read = (file = sandbox.file): Promise<string> => readFile(file, 'latin1');
const backups = async (): Promise<readonly string[]> =>
  readdir(path.join(sandbox.stateDir, 'backups', 'hosts'));

beforeEach(async () => {
  sandbox = await makeSandbox();
  world = makeWorld(sandbox);
});
afterEach(() => sandbox.remove());

describe('applying', () => {
  it('writes the entries, keeps a backup of the bytes from before and leaves nothing else', async () => {
    const report = await applyHosts(makeRequest(sandbox), world);
    expect(report).toMatchObject({ changed: true, applied: true, conflicts: [] });
    expect(await read()).toMatch(/^127\.0\.0\.1 example\.com$/m);
    expect(await readFile(report.backup ?? '', 'latin1')).toBe(ORIGINAL);
    expect(await leftovers(sandbox)).toEqual([]);
  });

  it('is undone to the byte by removing', async () => {
    await applyHosts(makeRequest(sandbox), world);
    await applyHosts(makeRequest(sandbox, { entries: [] }), world);
    expect(await read()).toBe(ORIGINAL);
  });

  it('writes nothing and takes no lock where nothing is to be changed', async () => {
    await applyHosts(makeRequest(sandbox), world);
    const before = await stat(sandbox.file, { bigint: true });
    const directory = await stat(sandbox.dir, { bigint: true });
    const { fs, calls } = faultyFileSystem(null);
    const report = await applyHosts(makeRequest(sandbox), { ...world, fs });
    expect(report).toMatchObject({ changed: false, applied: false, backup: null });
    const after = await stat(sandbox.file, { bigint: true });
    expect([after.ino, after.mtimeNs, after.ctimeNs]).toEqual([before.ino, before.mtimeNs, before.ctimeNs]);
    expect((await stat(sandbox.dir, { bigint: true })).mtimeNs).toBe(directory.mtimeNs);
    expect(calls.filter((call) => /open|write|rename|unlink|link|mkdir|access/.test(call))).toEqual([]);
    expect(await backups()).toHaveLength(1);
  });

  it('keeps mode, owner and extended attributes', async () => {
    await chmod(sandbox.file, 0o640);
    if (process.getuid?.() === 0) await chown(sandbox.file, 12_345, 23_456);
    const before = await stat(sandbox.file);
    const setAttribute = 'import os, sys; os.setxattr(sys.argv[1], "user.note", b"kept")';
    const getAttribute = 'import os, sys; print(os.getxattr(sys.argv[1], "user.note").decode())';
    execFileSync('python3', ['-c', setAttribute, sandbox.file]);
    await applyHosts(makeRequest(sandbox), { ...world, run: runCommand });
    const after = await stat(sandbox.file);
    expect(after.ino).not.toBe(before.ino);
    expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid]);
    expect(after.mtimeMs).toBeGreaterThan(before.mtimeMs);
    expect(execFileSync('python3', ['-c', getAttribute, sandbox.file], { encoding: 'utf8' })).toBe('kept\n');
  });

  it('writes through a symbolic link and leaves it one', async () => {
    const linked = path.join(path.dirname(sandbox.dir), 'linked');
    await symlink(sandbox.file, linked);
    await applyHosts(makeRequest(sandbox, { file: linked }), world);
    expect(await realFileSystem.realpath(linked)).toBe(await realFileSystem.realpath(sandbox.file));
    expect(await read()).toContain('example.com');
  });

  it('does not cut a hard link off', async () => {
    const twin = path.join(path.dirname(sandbox.dir), 'twin');
    await link(sandbox.file, twin);
    await applyHosts(makeRequest(sandbox), world);
    expect(await read(twin)).toBe(await read());
    expect(await read()).toContain('example.com');
  });

  it('gives what it makes in the home directory to the user behind sudo', async () => {
    const owner =
      process.getuid?.() === 0
        ? { uid: 12_345, gid: 23_456 }
        : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    const { backup } = await applyHosts(makeRequest(sandbox), { ...world, owner });
    for (const made of [sandbox.stateDir, path.dirname(backup ?? ''), backup ?? '']) {
      expect(await stat(made)).toMatchObject(owner);
    }
  });

  it('sees what another program saved at the last moment, and keeps it', async () => {
    const { fs } = faultyFileSystem(null);
    let saved = false;
    const open: typeof fs.open = async (...args) => {
      if (!saved && String(args[0]).endsWith('.tmp') && String(args[0]).includes('.hosts.jwt-dev-')) {
        saved = true;
        await writeFile(sandbox.file, `${ORIGINAL}10.9.9.9 saved.test\n`);
      }
      return fs.open(...args);
    };
    await applyHosts(makeRequest(sandbox), { ...world, fs: { ...realFileSystem, open } });
    expect(saved).toBe(true);
    expect(await read()).toContain('10.9.9.9 saved.test\n');
    expect(await read()).toContain('127.0.0.1 api.example.com\n');
  });

  it('puts the old content back when the file reads back differently', async () => {
    let reads = 0;
    const readBack: typeof realFileSystem.readFile = (async (...args: Parameters<typeof readFile>) => {
      const content: unknown = await readFile(...args);
      if (args[0] !== sandbox.file || !String(content).includes('>>> jwt-dev')) return content;
      reads += 1;
      return reads === 1 ? Buffer.from('eaten by a guard\n') : content;
    }) as typeof realFileSystem.readFile;
    // In place, so that the file is still the one that was written.
    const { fs } = faultyFileSystem(null, (call, args) =>
      call === 'rename' && args[1] === sandbox.file ? 'EBUSY' : undefined,
    );
    await expect(
      applyHosts(makeRequest(sandbox), {
        ...world,
        fs: { ...realFileSystem, rename: fs.rename, readFile: readBack },
      }),
    ).rejects.toMatchObject({
      code: 'ERR_HOSTS_WRITE',
      message: expect.stringContaining('the old content is back'),
    });
    expect(await read()).toBe(ORIGINAL);
  });
});

describe('what cannot be read or edited safely', () => {
  const refused = async (file: string, code: string, text: RegExp): Promise<void> => {
    const before = await readFile(file).catch(() => null);
    await expect(applyHosts(makeRequest(sandbox, { file }), world)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(text),
    });
    const after = await readFile(file).catch(() => null);
    // By hand: comparing 10 MB by toEqual takes minutes.
    expect(before === null ? after === null : after?.equals(before)).toBe(true);
    expect(await leftovers(sandbox)).toEqual([]);
  };

  it('is refused: a missing file', () =>
    refused(path.join(sandbox.stateDir, 'none'), 'ERR_HOSTS_UNREADABLE', /no such file/));
  it('is refused: a directory', () =>
    refused(path.dirname(sandbox.dir), 'ERR_HOSTS_UNREADABLE', /is a directory/));

  it('is refused: a pipe, which would block for ever', async () => {
    const pipe = path.join(path.dirname(sandbox.dir), 'pipe');
    execFileSync('mkfifo', [pipe]);
    await expect(applyHosts(makeRequest(sandbox, { file: pipe }), world)).rejects.toMatchObject({
      code: 'ERR_HOSTS_UNREADABLE',
    });
  });

  it('is refused: a device', () => refused('/dev/null', 'ERR_HOSTS_UNREADABLE', /not a regular file/));

  it('is refused: more than 10 MB', async () => {
    await writeFile(sandbox.file, Buffer.alloc(MAX_HOSTS_BYTES + 1, '#'));
    await refused(sandbox.file, 'ERR_HOSTS_UNREADABLE', /more than 10 MB/);
  });

  it('is refused: a NUL byte, with its line', async () => {
    await writeFile(sandbox.file, '127.0.0.1 a\n127.0.0.1 \0b\n');
    await refused(sandbox.file, 'ERR_HOSTS_MALFORMED', /cannot be edited safely/);
    await expect(inspectHosts(makeRequest(sandbox), world)).rejects.toMatchObject({
      details: [expect.stringMatching(/^line 2 holds a NUL byte/)],
    });
  });

  it('is refused: a block that is there twice, with the line', async () => {
    await applyHosts(makeRequest(sandbox), world);
    const block = (await read()).slice(ORIGINAL.length);
    await writeFile(sandbox.file, ORIGINAL + block + block);
    await refused(sandbox.file, 'ERR_HOSTS_MALFORMED', /cannot be edited safely/);
    await expect(inspectHosts(makeRequest(sandbox, { entries: [] }), world)).rejects.toMatchObject({
      details: [expect.stringMatching(/^line 12 opens default a second time/)],
    });
  });

  it('is refused when a single read fails (portless#419)', async () => {
    const { fs } = faultyFileSystem(null, (call, args) =>
      call === 'readFile' && args[0] === sandbox.file ? 'EIO' : undefined,
    );
    await expect(applyHosts(makeRequest(sandbox), { ...world, fs })).rejects.toMatchObject({
      code: 'ERR_HOSTS_UNREADABLE',
    });
    expect(await read()).toBe(ORIGINAL);
  });

  it('keeps bytes that are not UTF-8', async () => {
    const bytes = Buffer.from([0x23, 0xff, 0xfe, 0x80, 0x0a, 0xc3, 0x28, 0x0d, 0x0a]);
    await writeFile(sandbox.file, bytes);
    await applyHosts(makeRequest(sandbox), world);
    expect((await readFile(sandbox.file)).subarray(0, bytes.length)).toEqual(bytes);
    await applyHosts(makeRequest(sandbox, { entries: [] }), world);
    expect(await readFile(sandbox.file)).toEqual(bytes);
  });

  it('is refused as a conflict, and says the whole report', async () => {
    await writeFile(sandbox.file, `${ORIGINAL}10.0.0.9 api.example.com\n`);
    await expect(applyHosts(makeRequest(sandbox), world)).rejects.toMatchObject({
      code: 'ERR_HOSTS_CONFLICT',
      details: ['line 5 maps api.example.com to 10.0.0.9'],
      facts: {
        applied: false,
        backup: null,
        conflicts: [{ line: 5, hostname: 'api.example.com', found: '10.0.0.9' }],
      },
    });
    expect(isInPlace(await inspectHosts(makeRequest(sandbox), world))).toBe(false);
  });
});

describe('privilege', () => {
  const closed = (errno: string) =>
    faultyFileSystem(null, (call) => (/access|open|link|rename|unlink/.test(call) ? errno : undefined)).fs;

  it('is asked for before anything is made', async () => {
    await expect(
      applyHosts(makeRequest(sandbox), { ...world, isRoot: false, fs: closed('EACCES') }),
    ).rejects.toMatchObject({ code: 'ERR_PRIVILEGE_REQUIRED' });
    expect(await readdir(path.dirname(sandbox.dir))).toEqual(['etc']);
  });

  it('is not asked for where nothing is to be changed', async () => {
    await applyHosts(makeRequest(sandbox), world);
    const report = await applyHosts(makeRequest(sandbox), { ...world, isRoot: false, fs: closed('EACCES') });
    expect(isInPlace(report)).toBe(true);
  });

  it('is not the answer to root, who has it', async () => {
    await expect(applyHosts(makeRequest(sandbox), { ...world, fs: closed('EPERM') })).rejects.toMatchObject({
      code: expect.stringMatching(/ERR_HOSTS_(WRITE|BACKUP)/),
    });
  });
});

describe('backups', () => {
  const apply = (hostname: string): ReturnType<typeof applyHosts> =>
    applyHosts(makeRequest(sandbox, { entries: [{ address: '127.0.0.1', hostname }] }), world);

  it('are a few: the newest, and the newest from before jwt-dev', async () => {
    for (let round = 0; round < 12; round += 1) await apply(`host${round}.test`);
    const kept = await backups();
    expect(kept).toHaveLength(6);
    const texts = await Promise.all(
      kept.map((name) => read(path.join(sandbox.stateDir, 'backups', 'hosts', name))),
    );
    expect(texts[0]).toBe(ORIGINAL);
    expect(texts.at(-1)).toContain('host10.test');
  });

  it('can be put back, also over broken markers, and that can be undone', async () => {
    await apply('a.test');
    const applied = await read();
    await writeFile(sandbox.file, `${applied}# <<< jwt-dev default <<<\n`);
    const first = await restoreHosts(sandbox.file, world);
    expect(await read()).toBe(ORIGINAL);
    expect(await read(first.backup ?? '')).toContain('# <<< jwt-dev default <<<\n# <<< jwt-dev default <<<');
    await restoreHosts(sandbox.file, world);
    expect(await read()).toContain('a.test');
  });

  it('are those of this file only', async () => {
    await apply('a.test');
    const other = path.join(sandbox.dir, 'other');
    await writeFile(other, ORIGINAL);
    await expect(restoreHosts(other, world)).rejects.toMatchObject({ code: 'ERR_HOSTS_BACKUP' });
  });

  it('come first: without one nothing is changed', async () => {
    await mkdir(path.join(sandbox.stateDir, 'backups'), { recursive: true });
    await writeFile(path.join(sandbox.stateDir, 'backups', 'hosts'), 'in the way');
    await expect(apply('a.test')).rejects.toMatchObject({ code: 'ERR_HOSTS_BACKUP' });
    expect(await read()).toBe(ORIGINAL);
  });
});

it('removes the blocks of all projects', async () => {
  for (const id of ['one', 'two', 'three']) await applyHosts(makeRequest(sandbox, { id }), world);
  const report = await removeAllHosts(sandbox.file, world);
  expect(report.changes.filter(({ kind }) => kind === 'remove')).toHaveLength(12);
  expect(await read()).toBe(ORIGINAL);
});

it('keeps a torn write of a former run from being taken for the file', async () => {
  const { fs } = faultyFileSystem(null, (call, args) =>
    call === 'rename' && args[1] === sandbox.file ? 'EBUSY' : undefined,
  );
  await applyHosts(makeRequest(sandbox), { ...world, fs });
  await unlink(sandbox.file);
  await writeFile(sandbox.file, 'written by somebody else since\n');
  const report = await applyHosts(makeRequest(sandbox), { ...world, fs });
  expect(await read()).toMatch(/^written by somebody else since\n# >>> /);
  expect(report.applied).toBe(true);
});
