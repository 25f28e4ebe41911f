import type { ChildProcess } from 'node:child_process';
import { watch } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { finish, type HostsPlayground, makePlayground, runCli, startCli } from '../helpers/hosts-cli.ts';

const KILLS = Number(process.env['HOSTS_KILLS'] ?? 80);
/** Each with a file of its own, so that all cores are used. */
const LANES = 4;
/** How many runs of each lane are left to finish, to see that the next one always succeeds. */
const FULL_RUN_EVERY = 20;

const ORIGINAL = '127.0.0.1\tlocalhost # keep me\r\n::1 localhost\n\n10.0.0.5 db.internal db';

describe(`${KILLS} SIGKILLs of the real program while it writes`, () => {
  it('leave exactly the old or the new file, and the next run succeeds', async () => {
    const lanes = await Promise.all(
      Array.from({ length: LANES }, (_, lane) => killInLane(lane, KILLS / LANES)),
    );
    const total = (count: (lane: Tally) => number): number =>
      lanes.reduce((sum, lane) => sum + count(lane), 0);
    expect(total(({ old, fresh }) => old + fresh)).toBe(KILLS);
    // The kills really fell on both sides of the write, and into it.
    expect(total(({ old }) => old)).toBeGreaterThan(0);
    expect(total(({ fresh }) => fresh)).toBeGreaterThan(0);
    expect(total(({ interrupted }) => interrupted)).toBeGreaterThan(KILLS / 20);
    // Minutes of work: the limit only ends a run that hangs.
  }, 1_800_000);
});

/** Which of the two configurations. */
type Side = 0 | 1;

const other = (side: Side): Side => (side === 0 ? 1 : 0);

interface Tally {
  old: number;
  fresh: number;
  /** The run had begun to write: its lock, its draft or its temporary file was left. */
  interrupted: number;
}

interface Lane {
  readonly playground: HostsPlayground;
  readonly configs: readonly [string, string];
  readonly contents: readonly [Buffer, Buffer];
  /** Milliseconds: how long a run takes, and how long after its first trace beside the file. */
  readonly durationMs: number;
  readonly writingMs: number;
}

async function killInLane(lane: number, kills: number): Promise<Tally> {
  const playground = await makePlayground(ORIGINAL);
  try {
    const measured = await measure(playground);
    const tally: Tally = { old: 0, fresh: 0, interrupted: 0 };
    let current: Side = 1;
    for (let round = 1; tally.old + tally.fresh < kills; round += 1) {
      const target = other(current);
      const leftBefore = await beside(playground);
      const killed = await killOneRun(measured, target, round % 2 === 0);
      const found = await readFile(playground.file);
      const [before, after] = [measured.contents[current], measured.contents[target]];
      if (!found.equals(before) && !found.equals(after)) {
        expect.fail(
          `lane ${lane}, round ${round}: neither old nor new\n${JSON.stringify(found.toString('latin1'))}`,
        );
      }
      if (killed) {
        if (found.equals(after)) tally.fresh += 1;
        else tally.old += 1;
        if ((await beside(playground)).some((name) => !leftBefore.includes(name))) tally.interrupted += 1;
      }
      if (found.equals(after)) current = target;
      if (round % FULL_RUN_EVERY === 0) {
        const next = other(current);
        await applyFully(playground, measured.configs[next]);
        expect((await readFile(playground.file)).equals(measured.contents[next])).toBe(true);
        current = next;
      }
    }
    return tally;
  } finally {
    await playground.remove();
  }
}

const beside = (playground: HostsPlayground): Promise<string[]> => readdir(path.dirname(playground.file));

/** Two configurations of one project: each replaces what the other one wrote. */
async function measure(playground: HostsPlayground): Promise<Lane> {
  const configs = [
    await playground.addConfig('shop', 'one'),
    await playground.addConfig('shop', 'two'),
  ] as const;
  const contents: Buffer[] = [];
  let durationMs = 0;
  let writingMs = 0;
  for (const config of configs) {
    const started = performance.now();
    const run = startCli(playground.home, applyArgs(playground, config));
    const [{ exitCode }, firstTrace] = await Promise.all([finish(run), firstChange(playground, run)]);
    expect(exitCode).toBe(0);
    durationMs = Math.max(durationMs, performance.now() - started);
    writingMs = Math.max(writingMs, performance.now() - (firstTrace ?? started));
    contents.push(await readFile(playground.file));
  }
  const [one, two] = contents as [Buffer, Buffer];
  return { playground, configs, contents: [one, two], durationMs, writingMs };
}

/** Answers whether the run was really killed: some are faster than their kill. */
async function killOneRun(lane: Lane, target: Side, whileWriting: boolean): Promise<boolean> {
  const run = startCli(lane.playground.home, applyArgs(lane.playground, lane.configs[target]));
  const ended = finish(run);
  if (whileWriting) {
    // Half of the kills are spread over the write itself, which is a small part of the run.
    await firstChange(lane.playground, run);
    await sleep(Math.random() * lane.writingMs);
  } else {
    await sleep(Math.random() * lane.durationMs);
  }
  run.kill('SIGKILL');
  return (await ended).signal === 'SIGKILL';
}

/** When the run first touches the directory of the hosts file; null: it ended without. */
async function firstChange(playground: HostsPlayground, run: ChildProcess): Promise<number | null> {
  const stop = new AbortController();
  const changed = new Promise<number>((resolve) => {
    watch(path.dirname(playground.file), { signal: stop.signal }, () => resolve(performance.now()));
  });
  const ended = new Promise<null>((resolve) => run.once('exit', () => resolve(null)));
  const first = await Promise.race([changed, ended]);
  stop.abort();
  return first;
}

async function applyFully(playground: HostsPlayground, config: string): Promise<void> {
  const result = await runCli(playground.home, ...applyArgs(playground, config));
  expect(result, result.stderr).toMatchObject({ exitCode: 0 });
}

function applyArgs(playground: HostsPlayground, config: string): readonly string[] {
  return ['hosts', '--apply', '--file', playground.file, '--config', config];
}
