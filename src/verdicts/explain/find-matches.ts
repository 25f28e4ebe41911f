import { PATTERNS } from './patterns.ts';
import type { ErrorPattern } from './types.ts';

export interface Match {
  readonly pattern: ErrorPattern;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A text that repeats one error a million times is not worth more. */
const MATCHES_OF_ONE_PATTERN = 1000;

/** The matches that count, in the order of the text: no vague one beside a better one, none within another. */
export function findMatches(text: string): readonly Match[] {
  const all = compiled().flatMap(({ pattern, expression }) => matchesOf(pattern, expression, text));
  const vagueness = Math.min(...all.map(({ pattern }) => pattern.vague ?? 0));
  const best = all.filter(({ pattern }) => (pattern.vague ?? 0) === vagueness);
  return withoutInner(best);
}

function matchesOf(pattern: ErrorPattern, expression: RegExp, text: string): readonly Match[] {
  const found: Match[] = [];
  for (const match of text.matchAll(expression)) {
    if (found.length >= MATCHES_OF_ONE_PATTERN) break;
    const named = Object.entries<string | undefined>(match.groups ?? {});
    const parameters = Object.fromEntries(
      named.flatMap(([name, value]) => (value === undefined ? [] : [[name, tidy(value)] as const])),
    );
    const start = match.index;
    found.push({ pattern, start, end: start + match[0].length, text: tidy(match[0]), parameters });
  }
  return found;
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Of matches that overlap the longest; the result in the order of the text. */
function withoutInner(matches: readonly Match[]): readonly Match[] {
  const byStart = matches.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const kept: Match[] = [];
  for (const match of byStart) {
    const before = kept.at(-1);
    if (before === undefined || match.start >= before.end) kept.push(match);
    else if (match.end - match.start > before.end - before.start) kept[kept.length - 1] = match;
  }
  return kept;
}

interface Compiled {
  readonly pattern: ErrorPattern;
  readonly expression: RegExp;
}

let cache: readonly Compiled[] | undefined;

/** Made at the first question, not at import time. */
function compiled(): readonly Compiled[] {
  cache ??= PATTERNS.map((pattern) => ({ pattern, expression: compile(pattern.pattern) }));
  return cache;
}

/** A space of the pattern stands for any white space, which a pasted text may have instead. */
function compile({ source, flags }: RegExp): RegExp {
  return new RegExp(source.replaceAll(/ (?!\?)/g, '\\s{1,12}').replaceAll(' ?', '\\s{0,12}'), `${flags}g`);
}
