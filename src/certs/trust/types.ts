import type { Command } from '../../system/elevate.ts';
import type { Owner } from '../../system/files.ts';
import type { Run } from '../../system/run.ts';

/** The machine as trust stores need it; all of it comes from outside, so that each platform is tested on any. */
export interface TrustWorld {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
  /** Stands before the paths of the system, for tests; the real one is '/'. */
  readonly root: string;
  readonly run: Run;
  /** Whose new files in the home are; null: whoever runs us. */
  readonly owner: Owner | null;
}

/** One outside command of a store. */
export interface Step extends Command {
  /** Added where nobody is there to answer a question: the step fails instead of waiting. Not shown to people. */
  readonly unattended?: readonly string[];
}

/** A root as the stores know it. */
export interface RootIdentity {
  /** The common name, unique per CA: `jwt-dev root 1a2b3c4d example.com`. */
  readonly name: string;
  readonly site: string;
  /** SHA-256, upper case, with colons. */
  readonly fingerprint256: string;
  /** SHA-1 without colons, upper case: how Windows and macOS name a certificate. */
  readonly thumbprint: string;
}

/** One of our roots in a store. Present is not trusted: an update may have been interrupted, a flag taken away. */
export interface FoundRoot extends RootIdentity {
  /** The store's own name for it: a nickname, an alias, a file. */
  readonly storedAs: string;
  readonly trusted: boolean;
}

/** The root that is to be trusted, with its file. */
export interface TrustedRoot extends RootIdentity {
  readonly file: string;
  readonly pem: string;
}

/** The kinds of stores, as `--store` takes them. */
export const STORE_KINDS = ['system', 'chromium', 'firefox', 'macos', 'windows', 'java'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

/** What a store says: which roots of ours it holds, or why it cannot be used. */
export type StoreFacts =
  | { readonly state: 'usable'; readonly ours: readonly FoundRoot[] }
  | { readonly state: 'unusable'; readonly why: string; readonly hint: string | null };

/**
 * One place where clients look for trusted roots. Every store has this shape; nothing else differs between them.
 * The steps are data, so the same list is shown, run, run through sudo, or given to the user.
 */
export interface TrustStore {
  /** Unique and stable on one machine: `system`, `chromium:/home/me/.pki/nssdb`. */
  readonly id: string;
  readonly kind: StoreKind;
  readonly label: string;
  /** The directory or file that is changed. */
  readonly location: string;
  /** Whether its steps need root's rights. */
  readonly privileged: boolean;
  /** Reads the store; changes nothing. */
  facts(): Promise<StoreFacts>;
  installSteps(root: TrustedRoot): readonly Step[];
  removeSteps(found: FoundRoot): readonly Step[];
  /** What has to be there before the steps run (an empty database). */
  prepare?(): Promise<void>;
  /** Takes away what `prepare` made, where nothing else uses it. */
  tidy?(): Promise<void>;
}
