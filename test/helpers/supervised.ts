import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { freePort } from '../../src/supervisor/probe.ts';
import { type SupervisorDeps, supervise } from '../../src/supervisor/supervisor.ts';
import type { CommandSpec, SupervisedCommand, Timers } from '../../src/supervisor/types.ts';
import { runCommand } from '../../src/system/run.ts';

export interface Supervised {
  readonly command: SupervisedCommand;
  /** In the environment of every process of the command, and of nobody else. */
  readonly marker: string;
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  readonly ports: readonly number[];
}

/** Supervises a command with a mark in its environment; it is closed when the test is over. */
export async function supervised(
  guard: readonly string[],
  command: CommandSpec['command'],
  spec: Partial<CommandSpec> = {},
  deps: Partial<SupervisorDeps> = {},
): Promise<Supervised> {
  const id = randomUUID();
  const lines: string[] = [];
  const warnings: string[] = [];
  const ports: number[] = [];
  const port = spec.port ?? (await freePort());
  const running = supervise(
    {
      name: 'example.com',
      command,
      cwd: process.cwd(),
      portIsFixed: false,
      runAs: null,
      ...spec,
      port,
      env: { PATH: process.env['PATH'] ?? '', PORT: String(port), TEST_MARK: id, ...spec.env },
    },
    {
      platform: process.platform,
      run: runCommand,
      guard,
      colour: false,
      onLine: (line) => lines.push(line),
      onWarning: (text) => warnings.push(text),
      onListening: (where) => ports.push(where),
      ...deps,
    },
  );
  onTestFinished(() => running.close(0));
  return { command: running, marker: `TEST_MARK=${id}`, lines, warnings, ports };
}

/** The pauses of the restart policy. */
const PAUSES = new Set([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000]);

/** The pauses between a command's runs pass at once and are noted; all other delays are real. */
export function hastyTimers(): { readonly timers: Timers; readonly pauses: readonly number[] } {
  const pauses: number[] = [];
  return {
    pauses,
    timers: {
      now: () => 0,
      after: (delayMs, callback) => {
        const isPause = PAUSES.has(delayMs);
        if (isPause) pauses.push(delayMs);
        const timer = setTimeout(callback, isPause ? 0 : delayMs);
        return () => clearTimeout(timer);
      },
    },
  };
}
