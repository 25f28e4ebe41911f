import { canonicalAddress } from './addresses.ts';
import { blockEdit, type Edit, performEdits, switchEdits } from './edits.ts';
import type { HostsEntry } from './entries.ts';
import { type FoundEntry, type HostsFile, parseHosts } from './parse.ts';

/** What will be (or was) done with one name: `add` and `remove` are about what resolvers read. */
export interface HostsChange extends HostsEntry {
  readonly kind: 'add' | 'keep' | 'remove';
}

/** A line that is not ours and maps one of our names somewhere else. */
export interface HostsConflict {
  readonly line: number;
  readonly hostname: string;
  /** The address in that line. */
  readonly found: string;
  /** The other project's block that the line stands in; null: nobody's, so `--force` may switch it off. */
  readonly block: string | null;
}

export interface HostsPlan {
  readonly before: string;
  readonly after: string;
  readonly changed: boolean;
  readonly changes: readonly HostsChange[];
  /** What stands in the way. The plan may only be carried out when there is nothing here. */
  readonly conflicts: readonly HostsConflict[];
  /** Foreign lines that the plan turns into comments (`--force`), as they stand now. */
  readonly switchesOff: readonly { readonly line: number; readonly text: string }[];
}

/**
 * Decides what a hosts file must look like so that every wanted name reaches its addresses. Pure.
 * Everything outside our own block stays as it is, to the byte; only `force` puts a comment sign before
 * foreign lines that map a wanted name elsewhere (what else they map moves into our block), and the plan that
 * no longer wants the name takes it away again.
 * @param file a parsed file without problems.
 * @param id our block's name; see markers.ts.
 * @param wanted no entry at all: the block goes.
 */
export function planHosts(
  file: HostsFile,
  id: string,
  wanted: readonly HostsEntry[],
  options: { readonly force: boolean } = { force: false },
): HostsPlan {
  const wantedKeys = new Set(wanted.map(wantedKey));
  const wantedNames = new Set(wanted.map((entry) => entry.hostname.toLowerCase()));
  const block = file.blocks.find((candidate) => candidate.id === id);
  const ours = file.entries.filter((entry) => entry.block === id);
  // Foreign lines that name us, also those that only we switched off. Another project's comments say nothing.
  const named = file.entries.filter(
    (entry) =>
      wantedNames.has(entry.hostname) && entry.block !== id && (entry.offFor === null || entry.offFor === id),
  );

  const rivals = named.filter((entry) => !wantedKeys.has(keyOf(entry)));
  const standing = rivals.filter((entry) => entry.offFor === null);
  const conflicts = standing.filter((entry) => !options.force || entry.block !== null);
  // Without consent nothing new is switched off; what was, stays.
  const goesOff = rivals.filter((entry) => entry.block === null && (options.force || entry.offFor === id));
  const offLines = new Set(goesOff.map((entry) => entry.line));

  const oursKeys = new Set(ours.map(keyOf));
  const foreignKeys = new Set(
    named.filter((entry) => entry.block === null && entry.effective && !offLines.has(entry.line)).map(keyOf),
  );
  const needed = wanted.filter(
    (entry) => oursKeys.has(wantedKey(entry)) || !foreignKeys.has(wantedKey(entry)),
  );
  const carried =
    offLines.size === 0
      ? []
      : file.entries.filter((entry) => offLines.has(entry.line) && !wantedNames.has(entry.hostname));
  const target = [...new Map([...needed, ...carried].map((entry) => [wantedKey(entry), entry])).values()];

  const edits: Edit[] = switchEdits(file, id, offLines);
  const idle = block !== undefined && target.length === 0 && offLines.size === 0;
  if (edits.length > 0 || idle || !sameEntries(ours, target)) {
    edits.push(...blockEdit(file, id, block, target, offLines.size > 0));
  }
  const after = performEdits(file.text, edits);
  return {
    before: file.text,
    after,
    changed: after !== file.text,
    changes: describeChanges(wanted, new Set([...oursKeys, ...foreignKeys]), {
      ours,
      target,
      turning: file.entries.filter((entry) => (entry.offFor === id) !== offLines.has(entry.line)),
    }),
    conflicts: conflicts.map(({ line, hostname, address, block }) => ({
      line,
      hostname,
      found: address,
      block,
    })),
    switchesOff: [...offLines]
      .filter((line) => standing.some((entry) => entry.line === line))
      .map((line) => ({ line, text: lineText(file.text, line) })),
  };
}

/** Takes every jwt-dev block out of the file, whichever project it belongs to. Pure. */
export function planRemoveAll(file: HostsFile): HostsPlan {
  let current = file;
  const changes: HostsChange[] = [];
  for (const { id } of file.blocks) {
    const plan = planHosts(current, id, []);
    changes.push(...plan.changes);
    current = parseHosts(plan.after, file.eol);
  }
  return {
    before: file.text,
    after: current.text,
    changed: current.text !== file.text,
    changes,
    conflicts: [],
    switchesOff: [],
  };
}

interface Difference {
  readonly ours: readonly FoundEntry[];
  readonly target: readonly HostsEntry[];
  /** Foreign entries that are switched off, or on again. */
  readonly turning: readonly FoundEntry[];
}

function describeChanges(
  wanted: readonly HostsEntry[],
  inPlace: ReadonlySet<string>,
  { ours, target, turning }: Difference,
): readonly HostsChange[] {
  const change = (kind: HostsChange['kind'], { address, hostname }: HostsEntry): HostsChange => ({
    kind,
    address,
    hostname,
  });
  const oursKeys = new Set(ours.map(keyOf));
  const targetKeys = new Set(target.map(wantedKey));
  const onAgain = turning.filter((entry) => entry.offFor !== null);
  const onAgainKeys = new Set(onAgain.map(keyOf));
  return [
    ...wanted.map((entry) => change(inPlace.has(wantedKey(entry)) ? 'keep' : 'add', entry)),
    ...onAgain.filter((entry) => !oursKeys.has(keyOf(entry))).map((entry) => change('add', entry)),
    ...turning
      .filter((entry) => entry.offFor === null && !targetKeys.has(keyOf(entry)))
      .map((entry) => change('remove', entry)),
    ...ours
      .filter((entry) => !targetKeys.has(keyOf(entry)) && !onAgainKeys.has(keyOf(entry)))
      .map((entry) => change('remove', entry)),
  ];
}

function sameEntries(ours: readonly FoundEntry[], target: readonly HostsEntry[]): boolean {
  const keys = new Set(ours.map(keyOf));
  return target.every((entry) => keys.delete(wantedKey(entry))) && keys.size === 0;
}

/** Parsed entries are in their one spelling already. */
function keyOf(entry: FoundEntry): string {
  return `${entry.address} ${entry.hostname}`;
}

function wantedKey(entry: HostsEntry): string {
  return `${canonicalAddress(entry.address) ?? entry.address} ${entry.hostname.toLowerCase()}`;
}

function lineText(text: string, line: number): string {
  return (text.split('\n')[line - 1] ?? '').replace(/\r$/, '');
}
