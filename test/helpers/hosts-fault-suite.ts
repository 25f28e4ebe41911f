import { readFile, rm, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JwtDevError } from '../../src/errors.ts';
import { applyHosts, inspectHosts } from '../../src/hosts/apply.ts';
import { identifyProcess, processState } from '../../src/system/process-identity.ts';
import { type Fault, faultyFileSystem } from './hosts-faulty-fs.ts';
import {
  type HostsSandbox,
  leftovers,
  makeRequest,
  makeSandbox,
  makeWorld,
  ORIGINAL,
  quickDirectory,
} from './hosts-world.ts';

/** How the file is written: by a rename, or in place because the rename cannot work. */
export interface WritingWay {
  readonly name: string;
  /** What never works here: an errno for a call, or undefined. */
  readonly always: (call: string, args: readonly unknown[]) => string | undefined;
  readonly errnos: readonly string[];
  readonly inPlace: boolean;
}

const MANY = [
  { address: '127.0.0.1', hostname: 'example.com' },
  { address: '::1', hostname: 'a-long-name-that-makes-a-difference.example.com' },
] as const;
const FEW = MANY.slice(0, 1);

/** In the middle of the file, so that what follows the block moves. */
const TAIL = '# a line after the block\n192.168.1.20 printer\n';

/** Lets every single call of the write path go wrong in every way, and looks at the file after each. */
export function describeFaults({ name, always, errnos, inPlace }: WritingWay): void {
  describe.each([
    { change: 'longer', from: FEW, to: MANY },
    { change: 'shorter', from: MANY, to: FEW },
  ])(`writing ${name}, when the file becomes $change`, ({ from, to }) => {
    let sandbox: HostsSandbox;
    let before: Buffer;
    let after: Buffer;
    let calls: readonly string[];

    beforeEach(async () => {
      sandbox = await makeSandbox(ORIGINAL, quickDirectory());
      await applyHosts(makeRequest(sandbox, { entries: from }), makeWorld(sandbox));
      before = Buffer.concat([await readFile(sandbox.file), Buffer.from(TAIL)]);
      await reset();
      const trial = await run(null);
      expect(trial.error).toBeNull();
      calls = trial.calls;
      after = await readFile(sandbox.file);
      expect(after.equals(before)).toBe(false);
      await reset();
    });

    afterEach(() => sandbox.remove());

    /** Every run starts alike, so that it makes the same calls. */
    async function reset(): Promise<void> {
      await rm(sandbox.stateDir, { recursive: true, force: true });
      await writeFile(sandbox.file, before);
    }

    /** One run whose process is gone afterwards, whatever it left: its lock is stale. */
    async function run(fault: Fault | null): Promise<{ error: unknown; calls: readonly string[] }> {
      const faulty = faultyFileSystem(fault, always);
      const lock = {
        identify: async () => ({ ...(await identifyProcess(process.pid)), pid: NO_PROCESS }),
        stateOf: processState,
      };
      try {
        const world = makeWorld(sandbox, { fs: faulty.fs, lock });
        await applyHosts(makeRequest(sandbox, { entries: to }), world);
        return { error: null, calls: faulty.calls };
      } catch (error) {
        return { error, calls: faulty.calls };
      }
    }

    async function expectNextRunSucceeds(where: string): Promise<void> {
      const { fs } = faultyFileSystem(null, always);
      await applyHosts(makeRequest(sandbox, { entries: to }), makeWorld(sandbox, { fs }));
      expect((await readFile(sandbox.file)).equals(after), `${where}: the next run`).toBe(true);
      await reset();
    }

    it.each([...errnos])(
      'leaves the old or the new file when any one call fails with %s, and the next run succeeds',
      async (errno) => {
        for (let at = 0; at < calls.length; at += 1) {
          const where = `${errno} at call ${at} (${calls[at]})`;
          const { error } = await run({ kind: 'errno', at, errno });
          const found = await readFile(sandbox.file);
          expect(found.equals(before) || found.equals(after), where).toBe(true);
          if (error === null) expect(found.equals(after), where).toBe(true);
          else expect(error, where).toBeInstanceOf(JwtDevError);
          await expectNextRunSucceeds(where);
        }
      },
    );

    it('lets the next run put all right when every call fails from one on', async () => {
      for (let at = 0; at < calls.length; at += 1) {
        await run({ kind: 'errno', at, errno: 'EIO', forGood: true });
        await expectNextRunSucceeds(`EIO from call ${at} (${calls[at]}) on`);
      }
    });

    it('writes all bytes when a write takes only some of them', async () => {
      const writes = indexesOf(calls, 'handle.write');
      expect(writes.length).toBeGreaterThan(1);
      for (const at of writes) {
        const { error } = await run({ kind: 'short', at });
        expect(error).toBeNull();
        expect((await readFile(sandbox.file)).equals(after)).toBe(true);
        await reset();
      }
    });

    it('has the old or the new file after a kill just before or just after any call', async () => {
      for (let at = 0; at < calls.length; at += 1) {
        for (const moment of ['before', 'after'] as const) {
          const where = `killed ${moment} call ${at} (${calls[at]})`;
          const { error } = await run({ kind: 'kill', at, moment });
          expect(error, where).not.toBeNull();
          const found = await readFile(sandbox.file);
          const settled = found.equals(before) || found.equals(after);
          expect(settled || (inPlace && isFilledUp(found, after)), where).toBe(true);
          await expectNextRunSucceeds(where);
        }
      }
      // The next real change sweeps up, except drafts that are too young to be sure of.
      await applyHosts(makeRequest(sandbox, { entries: [] }), makeWorld(sandbox));
      expect((await leftovers(sandbox)).filter((name) => !name.endsWith('.draft'))).toEqual([]);
    });

    it('puts a write right that was killed half-way', async () => {
      for (const at of indexesOf(calls, 'handle.write')) {
        const where = `killed half-way through call ${at}`;
        const { error } = await run({ kind: 'kill', at, moment: 'halfway' });
        expect(error, where).not.toBeNull();
        const seen = await inspectHosts(makeRequest(sandbox, { entries: from }), makeWorld(sandbox));
        expect(
          seen.changes.every(({ kind }) => kind === 'keep'),
          where,
        ).toBe(true);
        await expectNextRunSucceeds(where);
      }
    });
  });
}

/** In place and shorter: new, with empty lines up to the old length, for the moment between two calls. */
function isFilledUp(found: Buffer, after: Buffer): boolean {
  return (
    found.subarray(0, after.length).equals(after) && found.subarray(after.length).every((byte) => byte === 10)
  );
}

function indexesOf(calls: readonly string[], name: string): readonly number[] {
  return calls.flatMap((call, at) => (call === name ? [at] : []));
}

/** Beyond the largest process number that Linux gives out. */
const NO_PROCESS = 4_194_304;
