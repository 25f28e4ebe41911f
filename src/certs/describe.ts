import type { Issued } from './material.ts';
import type { IssueReason } from './plan.ts';

const REASONS: Readonly<Record<IssueReason, string>> = {
  missing: 'there was none',
  unreadable: 'the old one could not be read',
  'key-mismatch': 'the old one and its key did not belong together',
  foreign: 'what was there was not made by jwt-dev for this site',
  'authority-changed': 'the CA is another one',
  expiring: 'the old one was about to run out',
  'names-changed': 'the host names changed',
  clock: 'the old one was not valid yet; the clock was or is wrong',
  requested: 'you asked for it',
};

const NAMES: Readonly<Record<Issued['what'], string>> = {
  authority: 'local CA',
  leaf: 'certificate',
  'self-signed': 'self-signed certificate',
};

/** What was made and why, one sentence each, for people. */
export function describeIssued(issued: readonly Issued[], site: string): readonly string[] {
  return issued.map(({ what, reason, file }) => {
    const place = file === null || reason === 'missing' ? '' : ` (${file})`;
    return `Made a new ${NAMES[what]} for ${site}: ${REASONS[reason]}${place}.`;
  });
}

/** Whether stores that trusted the CA before have to be told about a new one. */
export function needsTrustAnew(issued: readonly Issued[]): boolean {
  return issued.some(({ what, reason }) => what === 'authority' && reason !== 'missing');
}
