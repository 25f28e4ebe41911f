import type { Config } from '../config/types.ts';
import type { LookUp } from '../hosts/resolution.ts';
import type { Owner } from '../system/files.ts';
import type { Paths } from '../system/paths.ts';
import type { Run } from '../system/run.ts';
import type { Probe } from './facts/probe.ts';

/** What a check found. `skip`: it could not be asked here, or makes no sense. */
export type FindingStatus = 'ok' | 'warn' | 'fail' | 'skip';

/** What `doctor --fix` can do about a finding; see `fixes.ts`. */
export type Remedy = 'certificates' | 'stale-records' | 'modes' | 'hosts' | 'trust';

/** One answer of `doctor`. The fields stand in this order in `--json`. */
export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly status: FindingStatus;
  readonly severity: 'error' | 'warning' | 'info';
  /** What was seen, one fact a line. */
  readonly evidence: readonly string[];
  /** Why that is wrong; null: it is not. */
  readonly cause: string | null;
  /** The command or the setting that puts it right; null: there is nothing to do, or no single way. */
  readonly fix: string | null;
  readonly remedy: Remedy | null;
  /** The section of the README that explains it. */
  readonly docs: string;
}

/** What a check says; the rest of a finding is the same every time. */
export type Verdict = Pick<Finding, 'status' | 'evidence'> &
  Partial<Pick<Finding, 'cause' | 'fix' | 'remedy'>>;

/** The API that `--api` and `--login` ask for. */
export interface ApiWish {
  /** null: the one of the configuration. */
  readonly url: string | null;
  readonly login: { readonly user: string; readonly password: string } | null;
}

/** The machine and the project as doctor looks at them. Nothing here changes anything. */
export interface DoctorWorld {
  readonly config: Config;
  /** Which environment of the project. */
  readonly instance: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly cwd: string;
  readonly homeDir: string;
  readonly paths: Paths;
  readonly isRoot: boolean;
  readonly owner: Owner | null;
  /** Whose our files have to be; null: the platform has no user ids. */
  readonly userId: number | null;
  readonly pid: number;
  readonly run: Run;
  readonly now: () => Date;
  /** As the user types this program. */
  readonly typed: string;
  /** Let the installed browsers and tools connect: takes seconds. */
  readonly browsers: boolean;
  /** null: no API is to be asked. */
  readonly api: ApiWish | null;
  readonly lookUp: LookUp;
  readonly probe: Probe;
  /** Stands before the paths of the system, for tests; the real one is '/'. */
  readonly root: string;
}

export const ok = (...evidence: readonly string[]): Verdict => ({ status: 'ok', evidence });
export const skip = (...evidence: readonly string[]): Verdict => ({ status: 'skip', evidence });
