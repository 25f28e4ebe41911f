import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished, vi } from 'vitest';
import type { InstanceRecord } from '../../src/control/types.ts';
import type { DescribedFinding } from '../../src/verdicts/findings/format.ts';
import { cleanEnv, type ReadyLine } from './cli.ts';

export type FindingEvent = DescribedFinding & { readonly event: 'finding' };

export interface WatchedUp {
  readonly child: ChildProcess;
  readonly ready: ReadyLine;
  /** The finding lines up to now, where it was started with --json. */
  readonly findings: () => readonly FindingEvent[];
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Asks the control server, with the secret unless told otherwise. */
  readonly control: (method: 'GET' | 'DELETE', where: string, secret?: string) => Promise<Response>;
  /** What `GET /findings` answers. */
  readonly report: () => Promise<{
    readonly findings: readonly DescribedFinding[];
    readonly skipped: number;
  }>;
  readonly stop: () => Promise<number | null>;
}

/** Runs `up` below `home` on free ports, and keeps all that it says. It ends with the test at the latest. */
export async function startWatchedUp(
  bin: string,
  home: string,
  ...args: readonly string[]
): Promise<WatchedUp> {
  const child = spawn(process.execPath, [bin, 'up', '--https-port', '0', '--http-port', 'none', ...args], {
    cwd: home,
    env: cleanEnv(home),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
    return (await closed)[0];
  };
  onTestFinished(async () => void (await stop()));
  let stdout = '';
  let stderr = '';
  const lines: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    stdout += `${line}\n`;
  });
  const record = await vi.waitFor(
    async () => {
      if (child.exitCode !== null) throw new Error(`up ended with ${child.exitCode}:\n${stderr}`);
      const found = await findRecord(home);
      if (found.facts === null) throw new Error('It is still starting.');
      return found;
    },
    { timeout: 30_000, interval: 50 },
  );
  const control = (method: 'GET' | 'DELETE', where: string, secret = record.secret) =>
    fetch(new URL(where, record.facts?.control), {
      method,
      headers: { authorization: `Bearer ${secret}` },
    });
  return {
    child,
    ready: { event: 'ready', ...record.facts } as ReadyLine,
    findings: () =>
      lines
        .map((line) => JSON.parse(line) as { readonly event: string })
        .filter((line): line is FindingEvent => line.event === 'finding'),
    stdout: () => stdout,
    stderr: () => stderr,
    control,
    report: async () =>
      (await (await control('GET', '/findings')).json()) as Awaited<ReturnType<WatchedUp['report']>>,
    stop,
  };
}

/** The record of the only environment below a home: what other processes find it by. */
async function findRecord(home: string): Promise<InstanceRecord> {
  const names = await readdir(home, { recursive: true });
  for (const name of names.filter((each) => each.endsWith('.json') && each.includes('instance'))) {
    const content = JSON.parse(await readFile(path.join(home, name), 'utf8')) as Partial<InstanceRecord>;
    if (content.secret !== undefined && content.process !== undefined) return content as InstanceRecord;
  }
  throw new Error('There is no record yet.');
}
