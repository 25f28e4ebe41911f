import type { ServerProcess } from '../system/server-process.ts';
import { escapedSize, fit } from './html-text.ts';
import type { Failure, Upstream } from './types.ts';

/** What is told about the upstream of a failed request. Its texts are short enough for a page of 10 kB. */
export interface UpstreamFacts {
  readonly label: string;
  /** null: it is no process of ours. */
  readonly process: ServerProcess | null;
}

/** Bytes of HTML. */
const COMMAND_BYTES = 500;
const LINE_BYTES = 500;
const LINES_BYTES = 5_000;

export function describeUpstream(upstream: Upstream): UpstreamFacts {
  const process = processOf(upstream);
  return {
    label: fit(upstream.label, COMMAND_BYTES),
    process:
      process === undefined
        ? null
        : {
            command: fit(process.command, COMMAND_BYTES),
            state: process.state,
            pid: process.pid,
            lastExit: process.lastExit === null ? null : fit(process.lastExit, 100),
            lastLines: newest(process.lastLines),
          },
  };
}

function processOf(upstream: Upstream): ServerProcess | undefined {
  return upstream.kind === 'port' ? upstream.process?.() : undefined;
}

/** As many of the newest lines as there is room for. */
function newest(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let room = LINES_BYTES;
  for (const line of lines.toReversed()) {
    const short = fit(line, LINE_BYTES);
    room -= escapedSize(short) + 1;
    if (room < 0) break;
    kept.unshift(short);
  }
  return kept;
}

/** The failure with the advice that fits what is known about the upstream's process. */
export function withProcessHint(failure: Failure, upstream: Upstream): Failure {
  const hint = hintFor(failure, processOf(upstream));
  return hint === undefined ? failure : { ...failure, hint };
}

function hintFor(failure: Failure, process: ServerProcess | undefined): string | undefined {
  if (process === undefined) return undefined;
  if (failure.code !== 'ERR_UPSTREAM_UNREACHABLE' && failure.code !== 'ERR_UPSTREAM_CLOSED') return undefined;
  const { state, pid, lastExit } = process;
  const command = `"${fit(process.command, COMMAND_BYTES)}"`;
  const how = lastExit === null ? '' : ` (${lastExit})`;
  switch (state) {
    case 'starting':
      return `${command} has been started, but it has not opened its port yet.`;
    case 'waiting to restart':
      return `${command} ended${how} and is started again shortly. Its last output says why it ended.`;
    case 'stopped':
      return `${command} ended${how} and is not started again. Correct what its last output says, and run jwt-dev up again.`;
    case 'running':
      return failure.code === 'ERR_UPSTREAM_UNREACHABLE'
        ? `${command} runs${pid === null ? '' : ` (pid ${pid})`}, but does not listen on that port. Let it listen on the port in the environment variable PORT.`
        : undefined;
  }
}
