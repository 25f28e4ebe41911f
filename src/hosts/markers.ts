import { createHash } from 'node:crypto';

/**
 * The lines that bound what is ours in a hosts file:
 *
 *     # >>> jwt-dev shop-3f2a9c01de >>>
 *     127.0.0.1 example.com
 *     # <<< jwt-dev shop-3f2a9c01de <<<
 *
 * Each project has its own block, named after its state directory: two projects on one machine, also with the
 * same names, neither steal nor remove each other's entries. A marker is a whole line of exactly this form;
 * the same text further right, indented or with anything after it is somebody's comment.
 */
export interface BeginMarker {
  readonly id: string;
  /**
   * Set when the file did not end in a line break before the block was added: the digest of that last line,
   * so that removing the block takes the added line break away too, and no other.
   */
  readonly newlineAfter: string | null;
  /** The block switched foreign lines off (`--force`). */
  readonly forced: boolean;
}

const BEGIN = /^# >>> jwt-dev ([\w.-]+)(?: newline-after-([0-9a-f]{8}))?( forced)? >>>[ \t]*$/;
const END = /^# <<< jwt-dev ([\w.-]+) <<<[ \t]*$/;
const SWITCHED_OFF = /^# jwt-dev ([\w.-]+) switched off ([0-9a-f]{8}): /;

/** What every line of ours that is not an entry begins with; a quick test before the exact ones. */
export const OWN_PREFIXES = ['# >>> jwt-dev ', '# <<< jwt-dev ', '# jwt-dev '] as const;

export function readBeginMarker(line: string): BeginMarker | null {
  const match = BEGIN.exec(line);
  if (match === null) return null;
  return { id: match[1] ?? '', newlineAfter: match[2] ?? null, forced: match[3] !== undefined };
}

export function formatBeginMarker(marker: BeginMarker): string {
  const newline = marker.newlineAfter === null ? '' : ` newline-after-${marker.newlineAfter}`;
  return `# >>> jwt-dev ${marker.id}${newline}${marker.forced ? ' forced' : ''} >>>`;
}

export function readEndMarker(line: string): string | null {
  return END.exec(line)?.[1] ?? null;
}

export function formatEndMarker(id: string): string {
  return `# <<< jwt-dev ${id} <<<`;
}

/**
 * What stands before a foreign line that `--force` switched off; the line itself follows unchanged. The digest of
 * that line tells it from a comment that somebody else wrote or has edited since.
 */
export function switchedOffPrefix(id: string, line: string): string {
  return `# jwt-dev ${id} switched off ${digestLine(line)}: `;
}

export function readSwitchedOff(text: string): { readonly id: string; readonly line: string } | null {
  const match = SWITCHED_OFF.exec(text);
  if (match === null) return null;
  const line = text.slice(match[0].length);
  return digestLine(line) === match[2] ? { id: match[1] ?? '', line } : null;
}

/** A carriage return at the end is left out: it may become part of a line break later. */
export function digestLine(line: string): string {
  return createHash('sha256').update(line.replace(/\r$/, ''), 'latin1').digest('hex').slice(0, 8);
}
