import type { Outcome } from './outcome.ts';
import type { CheckStep } from './types.ts';

/** Longer than any part of a check is given; whatever hangs all the same is a failure. */
const LIMIT_MS = 15_000;

/** Tries one thing, and says what came of it whatever it throws. */
export async function runCheck(
  { id, title }: Pick<CheckStep, 'id' | 'title'>,
  attempt: () => Promise<Outcome> | Outcome,
): Promise<CheckStep> {
  const start = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve(unexpected(`Nothing happened for ${LIMIT_MS / 1_000} s.`)), LIMIT_MS);
  });
  const outcome = await Promise.race([
    limit,
    (async () => attempt())().catch((error: unknown) => unexpected(textOf(error))),
  ]);
  clearTimeout(timer);
  return { id, title, ...outcome, ms: Math.round((performance.now() - start) * 10) / 10 };
}

function unexpected(detail: string): Outcome {
  return {
    status: 'fail',
    detail,
    fix: 'Run it again; if it stays, run jwt-dev doctor in a terminal and look at the console of this page.',
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
