import type { HostsEntry } from './entries.ts';
import type { HostsChange, HostsConflict, HostsPlan } from './plan.ts';

/** What a project wants of a hosts file. */
export interface HostsRequest {
  /** Absolute. */
  readonly file: string;
  /** The block's name; see `hostsBlockId`. */
  readonly id: string;
  /** None: the block is to go. */
  readonly entries: readonly HostsEntry[];
  /** Switch foreign lines off that map our names elsewhere. */
  readonly force: boolean;
}

/** What was found, or done. */
export interface HostsReport {
  readonly file: string;
  /** The file differs (or differed) from what is wanted. */
  readonly changed: boolean;
  /** This run wrote the file. */
  readonly applied: boolean;
  readonly changes: readonly HostsChange[];
  readonly conflicts: readonly HostsConflict[];
  readonly switchesOff: HostsPlan['switchesOff'];
  /** Where the bytes from before are; null: nothing was written. */
  readonly backup: string | null;
}

/** Whether every wanted name already reaches its addresses, so that nothing has to be asked or written. */
export function isInPlace(report: HostsReport): boolean {
  return !report.changed && report.conflicts.length === 0;
}
