/** The process of a server that runs with us, as people are shown it. */
export interface ServerProcess {
  readonly command: string;
  readonly state: 'starting' | 'running' | 'waiting to restart' | 'stopped';
  readonly pid: number | null;
  /** How it ended the last time: `exit code 1`, `SIGSEGV`; null: it has not. */
  readonly lastExit: string | null;
  /** Its newest output, oldest line first, without colours and control characters. */
  readonly lastLines: readonly string[];
}
