import type { BodyView } from '../shapes.ts';

/** A text as people read it: JSON with one value a line; anything else as it is. */
export function prettyText(text: string): string {
  const start = text.trimStart()[0];
  if (start !== '{' && start !== '[') return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    // A body that was cut, or that only looks like JSON.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** What is said above a body. */
export function describeBody({ mediaType, isCut, text }: BodyView): string {
  const type = mediaType === '' ? 'no media type' : mediaType;
  if (text === null) return `${type}, not text`;
  return isCut ? `${type}, only how it began` : type;
}
