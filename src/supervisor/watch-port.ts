import { choosePort, type PortVerdict, printedPorts } from './choose-port.ts';
import type { Timers } from './types.ts';

export interface PortWatchDeps {
  readonly timers: Timers;
  readonly accepts: (port: number) => Promise<boolean>;
  /** Where the command's processes listen; null: the platform does not say. */
  readonly listening: () => Promise<readonly number[] | null>;
  /** Looking failed; it is not tried again. */
  readonly onError: (error: unknown) => void;
}

export interface PortWatch {
  /** A line of its output: servers print their address. */
  readonly read: (line: string) => void;
  readonly close: () => void;
}

const POLL_MS = 50;
/** Later it is in no hurry. */
const SLOW_POLL_MS = 500;
const SLOW_AFTER_MS = 15_000;

/**
 * Looks where a command that was just started listens, until that is known.
 * @param onFound called once, with the port. Nothing is called after `close`.
 * @param onElsewhere called once when it listens, but not where it was told to, or on several ports.
 */
export function watchPort(
  assigned: { readonly port: number; readonly isFixed: boolean },
  deps: PortWatchDeps,
  onFound: (port: number) => void,
  onElsewhere: (ports: readonly number[]) => void,
): PortWatch {
  const { timers } = deps;
  const startedAt = timers.now();
  const printedAt = new Map<number, number>();
  let seenAt = new Map<number, number>();
  let toldElsewhere = false;
  let closed = false;
  let cancel = (): void => undefined;

  const verdict = async (): Promise<PortVerdict> => {
    const assignedAccepts = await deps.accepts(assigned.port);
    const ports = assignedAccepts ? [] : await deps.listening();
    const now = timers.now();
    if (ports !== null) seenAt = new Map(ports.map((port) => [port, seenAt.get(port) ?? now]));
    return choosePort({
      assigned: assigned.port,
      assignedIsFixed: assigned.isFixed,
      assignedAccepts,
      listening: ports === null ? null : ages(seenAt, now),
      printed: ages(printedAt, now),
    });
  };
  const look = async (): Promise<void> => {
    const found = await verdict();
    const isThere = 'port' in found && (found.port === assigned.port || (await deps.accepts(found.port)));
    if (closed) return;
    if (isThere) {
      onFound(found.port);
      return;
    }
    if (found.kind === 'elsewhere' && !toldElsewhere) {
      toldElsewhere = true;
      onElsewhere(found.ports);
    }
    again();
  };
  const start = (): void => void look().catch(deps.onError);
  const again = (): void => {
    const pauseMs = timers.now() - startedAt < SLOW_AFTER_MS ? POLL_MS : SLOW_POLL_MS;
    cancel = timers.after(pauseMs, start);
  };
  start();
  return {
    read: (line) => {
      for (const port of printedPorts(line)) {
        if (!printedAt.has(port)) printedAt.set(port, timers.now());
      }
    },
    close: () => {
      closed = true;
      cancel();
    },
  };
}

function ages(since: ReadonlyMap<number, number>, now: number): ReadonlyMap<number, number> {
  return new Map([...since].map(([port, at]) => [port, now - at]));
}
