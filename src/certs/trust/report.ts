import type { StoreKind, TrustStore } from './types.ts';

export type StoreStatus = 'trusted' | 'not-trusted' | 'removed' | 'needs-root' | 'failed' | 'unusable';

/** What became of one store; the rows of the table at the end. */
export interface StoreReport {
  readonly id: string;
  readonly kind: StoreKind;
  readonly label: string;
  readonly location: string;
  readonly status: StoreStatus;
  readonly changed: boolean;
  readonly why: string | null;
  /** What the user can type to get there; empty where nothing is left to do. */
  readonly commands: readonly string[];
}

export function reportOn(
  { id, kind, label, location }: TrustStore,
  status: StoreStatus,
  more: Partial<Pick<StoreReport, 'changed' | 'why' | 'commands'>> = {},
): StoreReport {
  return { id, kind, label, location, status, changed: false, why: null, commands: [], ...more };
}
