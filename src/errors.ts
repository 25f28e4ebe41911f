/**
 * Every failure that reaches a user is a JwtDevError: a stable code, one
 * sentence that says what happened and why, and the next step (`hint`).
 */

/** Process exit codes (README, "Exit codes"). */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  drift: 3,
  privilege: 4,
  portInUse: 5,
  timeout: 6,
  interrupted: 130,
  terminated: 143,
  /** `exec` and `up -- cmd`, whose exit codes are those of the command: jwt-dev itself failed. */
  wrapperFailed: 125,
  notExecutable: 126,
  notFound: 127,
} as const;

const EXIT_BY_CODE = {
  ERR_USAGE: EXIT.usage,
  ERR_CONFIG_INVALID: EXIT.usage,
  ERR_CONFIG_UNREADABLE: EXIT.usage,
  ERR_CONFIG_EXISTS: EXIT.failed,
  ERR_PRIVILEGE_REQUIRED: EXIT.privilege,
  ERR_PORT_IN_USE: EXIT.portInUse,
  ERR_ALREADY_RUNNING: EXIT.portInUse,
  ERR_NOT_RUNNING: EXIT.failed,
  ERR_LISTEN: EXIT.failed,
  ERR_TIMEOUT: EXIT.timeout,
  ERR_INTERRUPTED: EXIT.interrupted,
  ERR_FILE_READ: EXIT.failed,
  ERR_FILE_WRITE: EXIT.failed,
  ERR_HOSTS_UNREADABLE: EXIT.failed,
  ERR_HOSTS_MALFORMED: EXIT.failed,
  ERR_HOSTS_CONFLICT: EXIT.failed,
  ERR_HOSTS_WRITE: EXIT.failed,
  ERR_HOSTS_LOCKED: EXIT.timeout,
  ERR_HOSTS_BACKUP: EXIT.failed,
  ERR_CERTS_UNREADABLE: EXIT.failed,
  ERR_CERTS_WRITE: EXIT.failed,
  ERR_CERTS_CLOCK: EXIT.failed,
  ERR_CERTS_LOCKED: EXIT.timeout,
  ERR_TRUST_FAILED: EXIT.failed,
  ERR_BROWSER: EXIT.failed,
  ERR_STORE: EXIT.failed,
  ERR_SIGNING_KEY: EXIT.usage,
  ERR_COMMAND_NOT_EXECUTABLE: EXIT.notExecutable,
  ERR_COMMAND_NOT_FOUND: EXIT.notFound,
  ERR_INTERNAL: EXIT.failed,
} as const;

/** The closed set of codes; the table above says how each one ends the process. */
export type ErrorCode = keyof typeof EXIT_BY_CODE;

export interface JwtDevErrorOptions {
  /** The next step: a command or a setting that fixes it. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Each mistake on its own, where one error reports several (configuration). */
  readonly details?: readonly string[];
  /** Facts for `--json`, beside code and message. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

export class JwtDevError extends Error {
  override readonly name = 'JwtDevError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: JwtDevErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
    this.facts = options.facts ?? {};
  }

  get exitCode(): number {
    return EXIT_BY_CODE[this.code];
  }
}

/** The errno name of a Node system error ("EACCES"), or undefined for any other value. */
export function errnoOf(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}

/** What an unknown thrown value says, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
