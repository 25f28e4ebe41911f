import { EventEmitter, once } from 'node:events';
import type { CheckProgress, CheckReport, CheckRun, CheckTask, CheckWish } from './types.ts';

/** A run is over then, whether its page has come or not. */
const RUN_MS = 120_000;
/** More than anybody has open at once; the oldest gives way. */
const RUNS = 32;

interface Run {
  readonly id: string;
  readonly endsAt: number;
  /** null: it was handed out. */
  task: CheckTask | null;
  done: boolean;
  report: CheckReport | null;
  readonly changes: EventEmitter;
}

export interface CheckRuns {
  readonly open: (wish: CheckWish) => string;
  /** Whether there is such a run that nobody has begun. */
  readonly isNew: (id: string) => boolean;
  /** What the page of a run is to do: once, as it may hold a password. undefined: no such run, over, or handed out. */
  readonly take: (id: string) => CheckTask | undefined;
  /** @returns whether there is such a run that still goes on. */
  readonly report: (id: string, progress: CheckProgress) => boolean;
  /**
   * How a run goes: at once where it is done or has more than `known` steps, else as soon as it has, and after `waitMs` in any
   * case. undefined: there is no such run (any more).
   */
  readonly read: (
    id: string,
    waitMs: number,
    signal: AbortSignal,
    known?: number,
  ) => Promise<CheckRun | undefined>;
}

export interface CheckRunsDeps {
  /** Unguessable: 128 random bits, in hexadecimal. */
  readonly newId: () => string;
  /** A clock in milliseconds that never goes back. */
  readonly clock: () => number;
}

/** The runs that `verify` has opened; in memory only. */
export function createCheckRuns({ newId, clock }: CheckRunsDeps): CheckRuns {
  const runs = new Map<string, Run>();
  const find = (id: string): Run | undefined => {
    const run = runs.get(id);
    if (run === undefined || clock() < run.endsAt) return run;
    runs.delete(id);
    return undefined;
  };
  return {
    open: (wish) => {
      for (const id of runs.keys()) find(id);
      const [oldest] = runs.keys();
      if (runs.size >= RUNS && oldest !== undefined) runs.delete(oldest);
      const id = newId();
      const changes = new EventEmitter().setMaxListeners(0);
      runs.set(id, {
        id,
        endsAt: clock() + RUN_MS,
        task: { id, ...wish },
        done: false,
        report: null,
        changes,
      });
      return id;
    },
    isNew: (id) => (find(id)?.task ?? null) !== null,
    take: (id) => {
      const run = find(id);
      const task = run?.task ?? undefined;
      if (run !== undefined) run.task = null;
      return task;
    },
    report: (id, { done, report }) => {
      const run = find(id);
      if (run === undefined || run.done) return false;
      run.done = done;
      run.report = report;
      run.changes.emit('change');
      return true;
    },
    read: async (id, waitMs, signal, known = Number.POSITIVE_INFINITY) => {
      const run = find(id);
      if (run === undefined) return undefined;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
      while (!run.done && (run.report?.steps.length ?? 0) <= known && !limit.aborted) {
        await once(run.changes, 'change', { signal: limit }).catch((error: unknown) => {
          if (!limit.aborted) throw error;
        });
      }
      return { id, done: run.done, report: run.report };
    },
  };
}
