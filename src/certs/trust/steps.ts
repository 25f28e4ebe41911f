import { elevatedCommand, quoteForShell, quoteForWindows, typedCommand } from '../../system/elevate.ts';
import type { Run } from '../../system/run.ts';
import type { Step, TrustStore } from './types.ts';

/** Tools wait for a password or for a window to be answered. */
const STEP_TIMEOUT_MS = 5 * 60_000;

const SUDO = { way: 'sudo', user: null } as const;

/** How steps that need root's rights are done: we are root, sudo may ask for the password, or not at all. */
export type Privilege = 'root' | 'sudo' | 'none';

export interface StepWorld {
  readonly run: Run;
  readonly platform: NodeJS.Platform;
  readonly privilege: Privilege;
}

/** The commands as the user would type them. */
export function formatSteps(
  store: TrustStore,
  steps: readonly Step[],
  { platform, privilege }: Pick<StepWorld, 'platform' | 'privilege'>,
): readonly string[] {
  const quote = platform === 'win32' ? quoteForWindows : quoteForShell;
  const elevated = store.privileged && privilege !== 'root' && platform !== 'win32';
  return steps.map((step) =>
    elevated ? typedCommand(step, SUDO, {}) : [step.file, ...step.args].map(quote).join(' '),
  );
}

/**
 * Runs steps in order up to the first that fails. Only the step itself is elevated. sudo asks on the terminal, not
 * on our streams, so what the tools print does not get into our answer.
 *
 * @returns why the last one failed, or null
 */
export async function runSteps(
  store: TrustStore,
  steps: readonly Step[],
  { run, privilege }: StepWorld,
): Promise<string | null> {
  for (const step of steps) {
    const unattended = { file: step.file, args: [...step.args, ...(step.unattended ?? [])] };
    const elevated = store.privileged && privilege === 'sudo';
    const { file, args } = elevated ? elevatedCommand(unattended, SUDO, {}) : unattended;
    const result = await run(file, args, { timeoutMs: STEP_TIMEOUT_MS });
    if (result.exitCode === 0) continue;
    if (result.errno === 'ENOENT') return `${file} is not installed`;
    if (result.timedOut) return `${file} did not end`;
    return (result.stderr.trim() || result.stdout.trim() || `${file} failed`).split('\n').at(-1) ?? '';
  }
  return null;
}
