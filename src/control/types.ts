import type { ProcessIdentity } from '../system/process-identity.ts';

/** What a ready environment says of itself: the ready line, `status --json`, and what clients are set up with. */
export interface InstanceFacts {
  readonly version: string;
  readonly pid: number;
  readonly mode: 'hosts' | 'rootless';
  /** Origins; the port is in them unless it is 443. */
  readonly frontend: string;
  readonly api: string;
  /** Base URL of the control server. */
  readonly control: string;
  /** URL of the inspector's page, with the secret; null: it is switched off. */
  readonly inspector: string | null;
  /** URL of the forward proxy, in rootless mode. */
  readonly proxy: string | null;
  /** Where the https port is listened on; the first address where there are several. */
  readonly address: string;
  readonly httpsPort: number;
  readonly httpPort: number | null;
  /** PEM: what clients must trust. */
  readonly caFile: string;
  /** PEM: the same beside the CAs that the system knows, for clients that can be given one file only. */
  readonly bundleFile: string;
  /** Every host name of the configuration. */
  readonly hostnames: readonly string[];
  readonly users: readonly { readonly username: string; readonly password: string; readonly email: string }[];
}

/** One environment of a project, as the file in the project's state directory tells it to other processes. */
export interface InstanceRecord {
  readonly name: string;
  readonly process: ProcessIdentity;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Whoever knows it may use the control server. */
  readonly secret: string;
  /** Where its output goes, or null: a terminal. */
  readonly logFile: string | null;
  /** null: it is still starting. */
  readonly facts: InstanceFacts | null;
}

export type Instance =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly record: InstanceRecord }
  /** The process is gone and could not say so. */
  | { readonly kind: 'stale'; readonly record: InstanceRecord };

/** One check of whether the environment answers. */
export interface HealthCheck {
  /** `tls example.com`, `upstream api.example.com`. */
  readonly name: string;
  readonly ok: boolean;
  /** Why not; empty where it is fine. */
  readonly detail: string;
}

export interface Health {
  readonly ok: boolean;
  readonly checks: readonly HealthCheck[];
}
