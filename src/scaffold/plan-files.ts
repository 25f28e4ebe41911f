import type { Found } from './project-facts.ts';
import type { WantedFile } from './wanted-files.ts';

export type FileAction =
  | 'create'
  /** It has more members now; everything else in it is as it was (package.json). */
  | 'extend'
  /** Only with `--force`. */
  | 'replace'
  | 'unchanged'
  /** There, with other content, and left as it is. */
  | 'keep';

export interface PlannedFile {
  /** Relative to the project, with slashes. */
  readonly path: string;
  readonly action: FileAction;
  readonly content: Buffer;
  /** What the decision was made on; null: nothing was there. */
  readonly before: Buffer | null;
  readonly executable: boolean;
}

export interface FilesPlan {
  readonly files: readonly PlannedFile[];
  /** Sentences: what makes the whole plan impossible. Then nothing is written. */
  readonly obstacles: readonly string[];
}

/** Which files are written. Nothing that is there is ever overwritten without `force`. Pure. */
export function planFiles(
  wanted: readonly WantedFile[],
  found: ReadonlyMap<string, Found>,
  force: boolean,
): FilesPlan {
  const obstacles: string[] = [];
  const files: PlannedFile[] = [];
  for (const { path, content, executable } of wanted) {
    const there = found.get(path) ?? { kind: 'missing' };
    if (there.kind === 'in-the-way') obstacles.push(there.what);
    else {
      const before = there.kind === 'file' ? there.bytes : null;
      files.push({ path, content, before, executable, action: decide(before, content, force) });
    }
  }
  return { files, obstacles: [...new Set(obstacles)] };
}

function decide(before: Buffer | null, content: Buffer, force: boolean): FileAction {
  if (before === null) return 'create';
  if (before.equals(content)) return 'unchanged';
  return force ? 'replace' : 'keep';
}
