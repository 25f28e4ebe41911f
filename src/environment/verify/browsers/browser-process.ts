import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { CheckRun, OpenedCheckRun } from '../../../browser-check/types.ts';
import { messageOf } from '../../../errors.ts';
import { withoutSecrets } from '../../../verdicts/findings/redact.ts';
import { endProcess, startLimit } from '../client-process.ts';
import type { ClientRun, VerifyTarget, VerifyWorld } from '../types.ts';
import { finishedCheckRun, hasSpoken, openCheckRun, readCheckRun } from './check-run.ts';
import type { Profile } from './profile.ts';

/** A browser that was told to end writes its profile; longer than this nobody waits. */
const CLOSE_LIMIT_MS = 1_000;

/** A page that is reached has said something by then; after that the browser is asked why not. */
const SILENCE_LIMIT_MS = 4_000;

/** A browser that can be told where to go, and says what went wrong there. */
export interface Remote {
  /** null: the page's report tells. */
  readonly version: string | null;
  /** @returns the browser's own words where the page could not be had. */
  readonly open: (url: string) => Promise<string | null>;
  /** What its console has said of errors. */
  readonly complaints: () => readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts a browser in a group of its own. */
export function startBrowser({ file, args, env }: Profile, { platform }: VerifyWorld): ChildProcess {
  return spawn(file, [...args], {
    env,
    detached: platform !== 'win32',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
}

export interface BrowserRun {
  readonly profile: Profile;
  readonly connect: (child: ChildProcess) => Promise<Remote>;
  /** The run whose page, or stage, the browser was started with; absent: it is told to open one. */
  readonly begun?: OpenedCheckRun;
}

/** One run of the check page in a browser, from its start to its end. */
export async function runBrowser(
  { profile, connect, begun }: BrowserRun,
  target: VerifyTarget,
  world: VerifyWorld,
): Promise<ClientRun> {
  const child = startBrowser(profile, world);
  const over = new AbortController();
  const waiting = { ...world, signal: AbortSignal.any([world.signal, over.signal]) };
  const exited = once(child, 'exit').then(
    () => ({ failure: 'it ended by itself' }),
    (error: unknown) => ({ failure: messageOf(error) }),
  );
  const state: { remote: Remote | null; id: string | null } = { remote: null, id: null };
  const visit = async (): Promise<{ readonly run: CheckRun | null; readonly failure: string | null }> => {
    const remote = await connect(child);
    Object.assign(state, { remote, id: begun?.id ?? null });
    if (begun === undefined || !(await hasSpoken(begun.id, SILENCE_LIMIT_MS, target, waiting))) {
      const { id, url } = await openCheckRun(target, waiting);
      state.id = id;
      const failure = await remote.open(url);
      if (failure !== null) return { run: null, failure };
    }
    const run = state.id === null ? null : await finishedCheckRun(state.id, target, waiting);
    return { run, failure: run === null ? 'the page said nothing in time' : null };
  };
  const visited = visit();
  const limit = startLimit(world.signal);
  visited.catch(() => undefined);
  try {
    const outcome = await Promise.race([visited, exited, limit.reached]);
    const run = 'run' in outcome ? outcome.run : await partOf(state.id, target, world);
    // One that ends with its page may have ended before its last word was fetched.
    return readRun(run, run?.done === true ? null : outcome.failure, state.remote);
  } finally {
    limit.clear();
    over.abort();
    await closeBrowser(state.remote, exited);
    await endProcess(child, world);
    await profile.release();
  }
}

/** What a page has said that did not come to its end. */
async function partOf(id: string | null, target: VerifyTarget, world: VerifyWorld): Promise<CheckRun | null> {
  return id === null || world.signal.aborted ? null : readCheckRun(id, 0, target, world);
}

async function closeBrowser(remote: Remote | null, exited: Promise<unknown>): Promise<void> {
  if (remote === null) return;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, CLOSE_LIMIT_MS);
  });
  // One that ends as it is told to has no time for an answer.
  remote.close().catch(() => undefined);
  await Promise.race([exited, limit]);
  clearTimeout(timer);
}

function readRun(run: CheckRun | null, failure: string | null, remote: Remote | null): ClientRun {
  const steps = (run?.report?.steps ?? []).map((step) => ({ ...step, ms: Math.round(step.ms) }));
  const version = remote?.version ?? /Firefox\/([\d.]+)/.exec(run?.report?.browser ?? '')?.[1] ?? null;
  const failed = steps.filter(({ status }) => status === 'fail');
  const complaints = (remote?.complaints() ?? []).map(withoutSecrets);
  if (failed.length === 0 && failure === null) return { version, steps, said: '' };
  const words = failed.map(({ title, detail }) => `${title}: ${detail}`);
  // What the page sees of a network error is nothing; the console has the reason.
  return {
    version,
    steps,
    said: [...(failure === null ? [] : [failure]), ...words, ...complaints].join('\n'),
  };
}
