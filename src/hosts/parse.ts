import { canonicalAddress } from './addresses.ts';
import type { HostsEntry } from './entries.ts';
import { OWN_PREFIXES, readBeginMarker, readEndMarker, readSwitchedOff } from './markers.ts';

/** Hosts text is latin1: one character per byte, so that bytes that are not UTF-8 survive. */
export interface HostsFile {
  readonly text: string;
  /** The line ending of most lines outside our blocks. */
  readonly eol: Eol;
  readonly blocks: readonly HostsBlock[];
  /** Foreign lines that `--force` switched off, with what they would say. */
  readonly switchedOff: readonly SwitchedOffLine[];
  readonly entries: readonly FoundEntry[];
  /** Why the file must not be edited, in the order of the lines. */
  readonly problems: readonly HostsProblem[];
}

export type Eol = '\n' | '\r\n';

export interface HostsBlock {
  readonly id: string;
  readonly newlineAfter: string | null;
  readonly forced: boolean;
  /** Offsets in the text: from the first marker to after the second one's line break. */
  readonly start: number;
  readonly end: number;
  readonly eol: Eol;
  readonly line: number;
}

export interface FoundEntry extends HostsEntry {
  /** As a resolver compares it: one spelling, lower case. */
  readonly address: string;
  readonly hostname: string;
  readonly line: number;
  /** The block that the entry stands in; null: a line of somebody else. */
  readonly block: string | null;
  /** The block for which `--force` switched this line off; null: it counts. */
  readonly offFor: string | null;
  /** Every resolver reads this line. */
  readonly effective: boolean;
}

interface SwitchedOffLine {
  readonly id: string;
  readonly line: number;
  /** The line as it was, without its line break. */
  readonly content: string;
  readonly start: number;
  readonly end: number;
}

interface HostsProblem {
  readonly line: number;
  readonly message: string;
}

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/** Where the first line begins: after the UTF-8 byte order mark, if there is one. */
export function textStart(text: string): number {
  return text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
}

/**
 * Reads a hosts file the way glibc does (nss/nss_files/files-hosts.c): a line ends at `\n`, `#` begins a comment,
 * fields are separated by isspace(3), the first is the address, all others are names.
 * @param defaultEol for a file without any line break.
 */
export function parseHosts(text: string, defaultEol: Eol = '\n'): HostsFile {
  const entries: FoundEntry[] = [];
  const problems: HostsProblem[] = [];
  const blocks: HostsBlock[] = [];
  const candidates: SwitchedOffLine[] = [];
  let open: Omit<HostsBlock, 'end'> | null = null;
  let carriageReturns = 0;
  let lineFeeds = 0;
  let line = 0;
  // Editors on Windows add the mark in front of whatever stands in the first line, also one of our markers.
  for (let start = textStart(text); start < text.length; ) {
    line += 1;
    const lineFeed = text.indexOf('\n', start);
    const next = lineFeed === -1 ? text.length : lineFeed + 1;
    const windows = lineFeed > start && text.charCodeAt(lineFeed - 1) === 13;
    const content = text.slice(start, lineFeed === -1 ? next : windows ? lineFeed - 1 : lineFeed);
    const own = content.charCodeAt(0) === 35 && OWN_PREFIXES.some((prefix) => content.startsWith(prefix));
    const begin = own ? readBeginMarker(content) : null;
    const closes = own ? readEndMarker(content) : null;
    if (begin !== null) {
      if (open !== null)
        problems.push({ line, message: `opens a block inside the one of line ${open.line}` });
      const before = blocks.find((block) => block.id === begin.id);
      if (before !== undefined) {
        problems.push({ line, message: `opens ${begin.id} a second time (first in line ${before.line})` });
      }
      open = { ...begin, start, eol: windows ? '\r\n' : '\n', line };
    } else if (closes !== null) {
      if (open === null) problems.push({ line, message: 'closes a block that was not opened' });
      else if (open.id !== closes) {
        problems.push({ line, message: `closes ${closes}, but line ${open.line} opened ${open.id}` });
      } else blocks.push({ ...open, end: next });
      open = null;
    } else {
      const off = own && open === null ? readSwitchedOff(content) : null;
      if (off !== null)
        candidates.push({ id: off.id, line, start, content: off.line, end: start + content.length });
      else if (content !== '' && content.charCodeAt(0) !== 35) {
        pushEntries(entries, content, {
          line,
          block: open?.id ?? null,
          offFor: null,
          // Some resolvers read the byte order mark as part of the first address and skip that line.
          effective: line > 1 || start === 0,
        });
      }
    }
    if (open === null && closes === null && lineFeed !== -1) {
      if (windows) carriageReturns += 1;
      else lineFeeds += 1;
    }
    start = next;
  }
  if (open !== null) problems.push({ line: open.line, message: 'opens a block that is never closed' });
  // Without its block such a line is somebody's comment.
  const switchedOff = candidates.filter(({ id }) => blocks.some((block) => block.id === id && block.forced));
  for (const { id, line, content } of switchedOff) {
    pushEntries(entries, content, {
      line,
      block: null,
      offFor: id,
      effective: false,
    });
  }
  problems.push(...encodingProblems(text));
  return {
    text,
    eol: carriageReturns > lineFeeds ? '\r\n' : lineFeeds > 0 ? '\n' : defaultEol,
    blocks,
    switchedOff,
    entries,
    problems: problems.sort((left, right) => left.line - right.line),
  };
}

function pushEntries(
  entries: FoundEntry[],
  content: string,
  where: Omit<FoundEntry, 'address' | 'hostname'>,
): void {
  const comment = content.indexOf('#');
  const fields = (comment === -1 ? content : content.slice(0, comment)).split(/[ \t\v\f\r]+/);
  const first = fields[0] === '' ? 1 : 0;
  const address = fields.length - first < 2 ? null : canonicalAddress(fields[first] ?? '');
  if (address === null) return;
  const { line, block, offFor, effective } = where;
  for (let at = first + 1; at < fields.length; at += 1) {
    const hostname = fields[at]?.toLowerCase() ?? '';
    if (hostname !== '') entries.push({ address, hostname, line, block, offFor, effective });
  }
}

function encodingProblems(text: string): readonly HostsProblem[] {
  if (text.startsWith('\u00ff\u00fe') || text.startsWith('\u00fe\u00ff')) {
    return [{ line: 1, message: 'begins with a UTF-16 byte order mark; no resolver reads that' }];
  }
  const nul = text.indexOf('\0');
  if (nul === -1) return [];
  return [{ line: lineAt(text, nul), message: 'holds a NUL byte; the file is damaged or is no text' }];
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
