import type { StepWorld } from '../certs/trust/steps.ts';
import type { TrustStore } from '../certs/trust/types.ts';
import type { JwtDevError } from '../errors.ts';
import type { HostsWorld } from '../hosts/world.ts';
import type { Paths } from '../system/paths.ts';

/** A hosts file that may hold blocks of ours. */
export interface HostsFile {
  readonly file: string;
  readonly world: HostsWorld;
  /** Takes them out with administrator rights. @throws JwtDevError ERR_PRIVILEGE_REQUIRED with the command, where nobody agrees. */
  readonly elevate: (cause: JwtDevError) => Promise<void>;
}

/** Where to look for what jwt-dev made. */
export interface CleanWorld {
  readonly paths: Paths;
  readonly homeDir: string;
  readonly hosts: readonly HostsFile[];
  readonly stores: readonly TrustStore[];
  readonly steps: StepWorld;
  /** How long a running environment may take for requests in flight. Milliseconds. */
  readonly graceMs: number;
}

export type CleanKind = 'instance' | 'hosts' | 'trust' | 'files';

/**
 * `kept`: it is not, or not surely, ours; or something that failed still needs it.
 * `needs-privilege`: `commands` remove it.
 */
export type CleanStatus = 'found' | 'removed' | 'needs-privilege' | 'failed' | 'kept';

/** One thing that jwt-dev made, and what became of it. */
export interface CleanItem {
  readonly kind: CleanKind;
  /** What it is, for people: `the local CA of example.com`. */
  readonly label: string;
  /** The file, directory or process. */
  readonly location: string;
  readonly status: CleanStatus;
  readonly why: string | null;
  /** What the user can type to remove it; empty where nothing is left to do. */
  readonly commands: readonly string[];
}
