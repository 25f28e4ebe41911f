import type { ServerProcess } from '../system/server-process.ts';

/** A command to keep running. */
export interface CommandSpec {
  /** What the user reads before each of its lines: `example.com`, `example.com/media`. */
  readonly name: string;
  /** A line for the shell, or a program and its arguments. */
  readonly command: string | readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** Complete: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** What PORT says. */
  readonly port: number;
  /** The configuration names the port. Otherwise the server may choose another one, which is then found. */
  readonly portIsFixed: boolean;
  /** Whom the command runs as; null: as we do. */
  readonly runAs: { readonly uid: number; readonly gid: number } | null;
}

export interface SupervisedCommand {
  readonly name: string;
  /** Where it listens, as far as is known. */
  readonly port: () => number;
  readonly facts: () => ServerProcess;
  /** Fulfilled with true once it accepts a connection, with false once it is clear that it never will. */
  readonly whenListening: () => Promise<boolean>;
  /** Nothing is started any more, and should we be ended from now on, the command is killed at once. */
  readonly prepareClose: () => void;
  /** Ends the whole process tree: SIGTERM, and SIGKILL at the deadline. Milliseconds. */
  readonly close: (deadlineMs: number) => Promise<void>;
}

/** How a run of a command came to its end. */
export type Ending =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  /** It never ran: no such program, no such directory. */
  | { readonly kind: 'unstartable'; readonly reason: string; readonly hint: string }
  /** Somebody ended the process that watches over it. */
  | { readonly kind: 'unguarded' };

/** Time as an input. */
export interface Timers {
  /** Milliseconds, only ever forward. */
  readonly now: () => number;
  /** Calls back after so many milliseconds unless the returned function is called before. */
  readonly after: (delayMs: number, callback: () => void) => () => void;
}
