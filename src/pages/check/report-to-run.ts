import type { CheckProgress, CheckReport } from './types.ts';
import { CHECK_PATH } from './world.ts';

/** Tells whoever opened a run how it goes. */
export interface RunReporter {
  readonly tell: (report: CheckReport) => void;
  /** The last word; resolves when it has arrived, or cannot. */
  readonly finish: (report: CheckReport) => Promise<void>;
}

const ATTEMPTS = 3;

/** One report after the other, and of those that wait only the newest: each holds all that came before. */
export function createRunReporter(id: string): RunReporter {
  let waiting: CheckProgress | undefined;
  let sending: Promise<void> | undefined;
  const sendAll = async (): Promise<void> => {
    while (waiting !== undefined) {
      const progress = waiting;
      waiting = undefined;
      await send(id, progress);
    }
    sending = undefined;
  };
  const offer = (progress: CheckProgress): Promise<void> => {
    waiting = progress;
    sending ??= sendAll();
    return sending;
  };
  return {
    tell: (report) => void offer({ done: false, report }),
    finish: (report) => offer({ done: true, report }),
  };
}

async function send(id: string, progress: CheckProgress): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      await fetch(`${CHECK_PATH}/report?id=${encodeURIComponent(id)}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(progress),
      });
      return;
    } catch (error) {
      // A network error, which may pass: the check itself goes on.
      if (!(error instanceof TypeError)) throw error;
    }
  }
}
