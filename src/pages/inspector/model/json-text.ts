import type { BodyView } from '../shapes.ts';

/** Deeper than what people read. Each level more indents all that is in it: 64 KiB of brackets would become gigabytes. */
const DEEPEST = 100;

/** A text as people read it: JSON with one value a line; anything else, and what nests too deeply, as it is. */
export function prettyText(text: string): string {
  const start = text.trimStart()[0];
  if ((start !== '{' && start !== '[') || nests(text) > DEEPEST) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    // A body that was cut, or that only looks like JSON.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** How deep a JSON text goes. Brackets in its strings count for nothing. */
function nests(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [piece] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (piece === '[' || piece === '{') deepest = Math.max(deepest, ++depth);
    else if (piece === ']' || piece === '}') depth -= 1;
  }
  return deepest;
}

/** What is said above a body. */
export function describeBody({ mediaType, isCut, text }: BodyView): string {
  const type = mediaType === '' ? 'no media type' : mediaType;
  if (text === null) return `${type}, not text`;
  return isCut ? `${type}, only how it began` : type;
}
