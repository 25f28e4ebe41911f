import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock, type Lock, type LockOptions, sweepLock } from '../../src/system/lock.ts';
import { identifyProcess, type ProcessIdentity, processState } from '../../src/system/process-identity.ts';

let dir: string;
let file: string;

beforeEach(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-lock-'));
  file = path.join(dir, 'lock');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const take = (options: Partial<LockOptions> = {}): Promise<Lock> =>
  acquireLock(file, {
    timeoutMs: 20_000,
    pid: process.pid,
    busy: (holder) => new Error(`held by ${holder?.pid}`),
    ...options,
  });

/** A process that has ended: its identity is that of nobody. */
async function endedProcess(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  await once(child, 'spawn');
  const identity = await identifyProcess(child.pid ?? 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return identity;
}

describe('acquireLock', () => {
  it('lets one in at a time, and leaves nothing behind', async () => {
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        const lock = await take();
        inside += 1;
        most = Math.max(most, inside);
        await sleep(1);
        inside -= 1;
        await lock.release();
      }),
    );
    expect(most).toBe(1);
    expect(await readdir(dir)).toEqual([]);
  });

  it('names the holder that does not let go', async () => {
    const lock = await take();
    await expect(take({ timeoutMs: 30 })).rejects.toThrow(`held by ${process.pid}`);
    await lock.release();
    expect(await readdir(dir)).toEqual([]);
  });

  it('takes over from holders that are gone, one after the other, however many want it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const gone = await endedProcess();
      await take({ identify: async () => gone });
      let inside = 0;
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          const lock = await take();
          inside += 1;
          expect(inside).toBe(1);
          await sleep(1);
          inside -= 1;
          await lock.release();
        }),
      );
      expect(await readdir(dir)).toEqual([]);
    }
  });

  it('takes over from a process whose number was given to another one', async () => {
    const recycled = { ...(await identifyProcess(process.pid)), startedAt: '1' };
    await take({ identify: async () => recycled });
    await (await take({ timeoutMs: 100 })).release();
  });

  it('does not take over from one that it cannot look up, until that is old', async () => {
    const elsewhere = { ...(await identifyProcess(process.pid)), space: 'pid:[1]' };
    await take({ identify: async () => elsewhere });
    await expect(take({ timeoutMs: 30 })).rejects.toThrow('held by');
    const text = JSON.stringify({ token: 'abcdefabcdef', process: elsewhere, sinceMs: Date.now() - 60_000 });
    await writeFile(file, text);
    await (await take({ timeoutMs: 100 })).release();
  });

  it('replaces a lock that a crash of the machine left empty, once that is old', async () => {
    await writeFile(file, '');
    await expect(take({ timeoutMs: 30 })).rejects.toThrow('held by undefined');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(file, longAgo, longAgo);
    await (await take({ timeoutMs: 100 })).release();
    expect(await readdir(dir)).toEqual([]);
  });

  it('sweeps what killed processes left: drafts, and a takeover that was cut short', async () => {
    const gone = { token: '0123456789ab', process: await endedProcess(), sinceMs: Date.now() };
    for (const name of [
      'lock.0123456789ab.draft',
      'lock.ba9876543210',
      'lock.ba9876543210.0123456789ab.draft',
    ]) {
      await writeFile(path.join(dir, name), JSON.stringify(gone));
    }
    await writeFile(path.join(dir, 'lock.txt'), 'not ours');
    await (await take()).release();
    expect(await readdir(dir)).toEqual(['lock.txt']);
  });

  it('hands the errno of the file system on', async () => {
    await expect(
      acquireLock(path.join(dir, 'none', 'lock'), { timeoutMs: 1, pid: 1, busy: () => new Error('busy') }),
    ).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('processState', () => {
  it('knows a living process, and one that has ended', async () => {
    expect(await processState(await identifyProcess(process.pid), Date.now())).toBe('alive');
    expect(await processState(await endedProcess(), Date.now())).toBe('gone');
  });

  it('counts a zombie as gone', async () => {
    // The shell never waits for its child, which ends at once.
    const parent = spawn('sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const child = await identifyProcess(Number(line.toString().trim()));
    let state = await processState(child, Date.now());
    for (let look = 0; look < 200 && state === 'alive'; look += 1) {
      await sleep(10);
      state = await processState(child, Date.now());
    }
    expect(state).toBe('gone');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  });

  it('counts everything from before a reboot as gone, and cannot judge another container', async () => {
    const self = await identifyProcess(process.pid);
    expect(await processState({ ...self, boot: 'an earlier one' }, Date.now())).toBe('gone');
    expect(await processState({ ...self, space: 'pid:[1]' }, Date.now())).toBe('unknown');
    expect(await processState({ ...self, boot: 'its own', host: 'another machine' }, Date.now())).toBe(
      'unknown',
    );
  });
});

describe('sweepLock', () => {
  const sweep = (options: Partial<LockOptions> = {}) =>
    sweepLock(file, {
      timeoutMs: 20_000,
      pid: process.pid,
      busy: (holder) => new Error(`held by ${holder?.pid}`),
      ...options,
    });

  it('takes away a lock and a draft whose makers are gone', async () => {
    const gone = JSON.stringify({ token: 'abc', process: await endedProcess(), sinceMs: Date.now() });
    await writeFile(file, gone);
    await writeFile(`${file}.0123456789ab.draft`, gone);
    await sweep();
    expect(await readdir(dir)).toEqual([]);
  });

  it('leaves the lock of a process that runs, and does not wait for it', async () => {
    const lock = await take();
    const before = await readdir(dir);
    await sweep({ timeoutMs: 0 });
    expect(await readdir(dir)).toEqual(before);
    await lock.release();
  });

  it('does nothing where there is no lock, and no directory', async () => {
    await sweep();
    await rm(dir, { recursive: true });
    await sweep();
  });
});
