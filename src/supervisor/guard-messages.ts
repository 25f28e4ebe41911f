/** What the supervisor tells a guard. */
export type ToGuard =
  | {
      readonly type: 'start';
      readonly command: string | readonly string[];
      readonly cwd: string;
      readonly env: Readonly<Record<string, string>>;
      /** How long SIGTERM is given to work when the command ended or we are gone. Milliseconds. */
      readonly graceMs: number;
    }
  | { readonly type: 'stop'; readonly deadlineMs: number }
  /** It listens: all that a server starts at its own start is there by now. */
  | { readonly type: 'listening' }
  /** Should we be gone from now on, the command is killed at once: the user asked twice. */
  | { readonly type: 'prepare-close' };

/** What a guard tells the supervisor. The last one comes when the whole process tree is gone. */
export type FromGuard =
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'unstartable'; readonly errno: string; readonly message: string }
  | { readonly type: 'ended'; readonly code: number | null; readonly signal: string | null };
