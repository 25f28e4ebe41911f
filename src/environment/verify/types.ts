import type { CheckStep } from '../../browser-check/types.ts';
import type { Config } from '../../config/types.ts';
import type { InstanceFacts } from '../../control/types.ts';
import type { Owner } from '../../system/files.ts';
import type { Run } from '../../system/run.ts';
import type { Fix, Severity } from '../../verdicts/findings/types.ts';

/** In the order of the table; browsers take longest, so they begin first. */
export const CLIENT_IDS = ['chromium', 'firefox', 'node', 'python', 'curl', 'java'] as const;
export type ClientId = (typeof CLIENT_IDS)[number];

/** Who logs in. */
export interface Account {
  readonly username: string;
  readonly password: string;
  /** What the API takes: `{ username, password }`, or `email` where it logs in by that. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What every client is given. */
export interface VerifyTarget {
  readonly facts: InstanceFacts;
  /** Origin of the page. */
  readonly frontend: string;
  /** Base URL of the auth API, with its final slash: `https://api.example.com/auth/`. */
  readonly base: string;
  readonly account: Account;
  /** The environment of a client process: that of `exec`, or without what `exec` adds for trust (`--system-trust`). */
  readonly env: Readonly<Record<string, string>>;
  /** Clients are given nothing: only what the stores of this machine trust counts. */
  readonly systemTrust: boolean;
  /** Private, kept between runs, one per project. */
  readonly keptDir: string;
}

/** What verify needs of the machine. */
export interface VerifyWorld {
  readonly config: Pick<Config, 'stateDir' | 'auth' | 'api' | 'tls'>;
  /** The secret of the environment's control server. */
  readonly secret: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly isRoot: boolean;
  readonly owner: Owner | null;
  /** Our own. */
  readonly pid: number;
  readonly run: Run;
  readonly now: () => Date;
  /** Aborted: everything that was started is ended at once. */
  readonly signal: AbortSignal;
}

/** What a run of a client left. */
export interface ClientRun {
  /** null: it did not get so far as to say. */
  readonly version: string | null;
  readonly steps: readonly CheckStep[];
  /** What it said where it failed: for people, and for `explain`. Empty: it passed. */
  readonly said: string;
}

export type FoundClient =
  | { readonly program: string }
  /** Why it cannot be tried, as half a sentence. */
  | { readonly program: null; readonly why: string };

/** A program that performs the whole login as its users would write it. */
export interface VerifyClient {
  readonly id: ClientId;
  readonly label: string;
  readonly find: (world: VerifyWorld, target: VerifyTarget) => Promise<FoundClient>;
  /** Ends within the time limit, whatever happens, and leaves no process. */
  readonly run: (program: string, target: VerifyTarget, world: VerifyWorld) => Promise<ClientRun>;
}

/** One row of the answer. */
export interface ClientOutcome {
  readonly id: ClientId;
  readonly label: string;
  readonly version: string | null;
  readonly status: 'pass' | 'fail' | 'absent';
  /** Why it failed or is absent, beginning with the finding's code where there is one; null: it passed. */
  readonly reason: string | null;
  /** Milliseconds. */
  readonly durationMs: number;
  readonly steps: readonly CheckStep[];
}

/** Something that verify found, wherever it was seen: each once. */
export interface VerifyFinding {
  /** `JD102`, the id of a check of `doctor` (`P5`), or null: an error that is none of the findings. */
  readonly code: string | null;
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  /** What was seen, one fact a line. */
  readonly evidence: readonly string[];
  /** Empty: the title says all that is known. */
  readonly cause: string;
  /** The browser's own name for it. */
  readonly reason: string | null;
  readonly fixes: readonly Fix[];
  /** Where the rule stands. */
  readonly source: string;
  /** `doctor N1`, `traffic`, `session`, or the id of a client. */
  readonly seenBy: readonly string[];
}

export interface VerifyReport {
  /** No client failed, at least one passed, and nothing was found that breaks or exposes the login. */
  readonly ok: boolean;
  readonly clients: readonly ClientOutcome[];
  readonly findings: readonly VerifyFinding[];
}

/** Milliseconds. Any client that takes longer hangs. */
export const CLIENT_LIMIT_MS = 30_000;
