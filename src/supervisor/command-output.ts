import { createLineSplitter } from './lines.ts';
import { colouredText, plainText } from './plain-text.ts';

/** How much of its output the page for a failed request shows. */
export const KEPT_LINES = 50;

export interface CommandOutput {
  /** Plain, oldest first. */
  readonly lastLines: () => readonly string[];
  /** A new run; `quiet`: its lines are held back until `release`, and dropped where that never comes. */
  readonly begin: (quiet: boolean) => RunOutput;
}

export interface RunOutput {
  readonly push: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
  readonly release: () => void;
  /** The last line may have no end. */
  readonly end: () => void;
}

/** Hands on the lines of a command, run after run, and keeps the newest ones. */
export function createCommandOutput(
  colour: boolean,
  onLine: (line: string) => void,
  onPlainLine: (line: string) => void,
): CommandOutput {
  const kept: string[] = [];
  const keep = (line: string): void => {
    kept.push(line);
    if (kept.length > KEPT_LINES) kept.shift();
  };
  return {
    lastLines: () => [...kept],
    begin: (quiet) => {
      let held: string[] | null = quiet ? [] : null;
      const take = (raw: string): void => {
        const plain = plainText(raw);
        keep(plain);
        onPlainLine(plain);
        const shown = colour ? colouredText(raw) : plain;
        if (held === null) onLine(shown);
        else if (held.length < KEPT_LINES) held.push(shown);
      };
      const splitters = { stdout: createLineSplitter(take), stderr: createLineSplitter(take) };
      return {
        push: (chunk, stream) => splitters[stream].push(chunk),
        release: () => {
          for (const line of held ?? []) onLine(line);
          held = null;
        },
        end: () => {
          splitters.stdout.end();
          splitters.stderr.end();
        },
      };
    },
  };
}
