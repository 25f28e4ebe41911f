import type { HostsEntry } from './entries.ts';
import {
  digestLine,
  formatBeginMarker,
  formatEndMarker,
  readSwitchedOff,
  switchedOffPrefix,
} from './markers.ts';
import { type HostsBlock, type HostsFile, textStart } from './parse.ts';

/** Bytes from `start` to before `end` are replaced. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** Carries out edits that do not overlap; everything between them is copied. */
export function performEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const edit of edits.toSorted((left, right) => left.start - right.start || left.end - right.end)) {
    result += text.slice(position, edit.start) + edit.replacement;
    position = edit.end;
  }
  return result + text.slice(position);
}

/** Puts the comment prefix before lines that must be off and takes it from those that need not be. */
export function switchEdits(file: HostsFile, id: string, offLines: ReadonlySet<number>): Edit[] {
  const own = file.switchedOff.filter((line) => line.id === id);
  const edits = own
    .filter(({ line }) => !offLines.has(line))
    .map(({ start, end, content }): Edit => ({ start, end, replacement: content }));
  const standing = [...offLines].filter((line) => !own.some((off) => off.line === line));
  if (standing.length === 0) return edits;
  const starts = lineStarts(file.text);
  return edits.concat(
    standing.map((line) => {
      const start = starts[line - 1] ?? file.text.length;
      const content = lineAt(file.text, start);
      return { start, end: start, replacement: switchedOffPrefix(id, content) };
    }),
  );
}

/** Adds, rewrites in its place, or removes the block. */
export function blockEdit(
  file: HostsFile,
  id: string,
  block: HostsBlock | undefined,
  entries: readonly HostsEntry[],
  forced: boolean,
): Edit[] {
  const { text } = file;
  // Also without entries the block must stand while lines are off: it is what turns them on again.
  const stays = entries.length > 0 || forced;
  if (block === undefined) {
    if (!stays) return [];
    const glued = text !== '' && !text.endsWith('\n');
    const newlineAfter = glued ? digestLine(lastLine(text)) : null;
    const rendered = renderBlock(entries, { id, newlineAfter, forced }, file.eol);
    return [{ start: text.length, end: text.length, replacement: (glued ? file.eol : '') + rendered }];
  }
  if (stays) {
    const { newlineAfter, eol } = block;
    return [
      {
        start: block.start,
        end: block.end,
        replacement: renderBlock(entries, { id, newlineAfter, forced }, eol),
      },
    ];
  }
  return removeBlock(file, block);
}

/**
 * The line break that was added before the block goes with it, if nothing but the block follows that line. Where
 * another block follows, the debt passes to it. Where anything else does, the line break has become necessary.
 */
function removeBlock(file: HostsFile, block: HostsBlock): Edit[] {
  const removal: Edit = { start: block.start, end: block.end, replacement: '' };
  const { newlineAfter, eol } = block;
  const before = file.text.slice(0, block.start);
  if (newlineAfter === null || !before.endsWith(eol)) return [removal];
  if (digestLine(lastLine(before.slice(0, -eol.length))) !== newlineAfter) return [removal];
  if (block.end === file.text.length) return [{ ...removal, start: block.start - eol.length }];
  const next = file.blocks.find((candidate) => candidate.start === block.end);
  if (next === undefined || next.newlineAfter !== null || next.eol !== eol) return [removal];
  const markerEnd = file.text.indexOf(next.eol, next.start);
  return [
    removal,
    { start: next.start, end: markerEnd, replacement: formatBeginMarker({ ...next, newlineAfter }) },
  ];
}

function renderBlock(
  entries: readonly HostsEntry[],
  marker: { readonly id: string; readonly newlineAfter: string | null; readonly forced: boolean },
  eol: string,
): string {
  return [
    formatBeginMarker(marker),
    '# Written by jwt-dev. To take it out: jwt-dev hosts --remove',
    ...entries.map(({ address, hostname }) => `${address} ${hostname}`),
    formatEndMarker(marker.id),
    '',
  ].join(eol);
}

/** Without its line break. */
function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? undefined : end).replace(end === -1 ? '' : /\r$/, '');
}

/** The last line as its writer left it: without the comment sign of a line that is switched off. */
function lastLine(text: string): string {
  const line = text.slice(Math.max(text.lastIndexOf('\n') + 1, textStart(text)));
  return readSwitchedOff(line)?.line ?? line;
}

function lineStarts(text: string): readonly number[] {
  const starts = [textStart(text)];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
