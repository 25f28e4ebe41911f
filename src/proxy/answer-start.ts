import type { BodyTap } from './forward.ts';
import type { HeaderList } from './types.ts';

/** Somebody who wants to see how the body of an answer begins. */
export interface StartReader {
  /** How much of it, in bytes. */
  readonly bytes: number;
  /** Called once, with at most that much: all there was, where the body is shorter. */
  readonly read: (start: Buffer) => void;
}

/** One look at a body for all who want one; undefined: nobody does, and the body passes untouched. */
export function tapStart(readers: readonly (StartReader | undefined)[]): BodyTap | undefined {
  const wanted = readers.filter((reader) => reader !== undefined);
  if (wanted.length === 0) return undefined;
  const limit = Math.max(...wanted.map(({ bytes }) => bytes));
  const chunks: Buffer[] = [];
  let length = 0;
  let isDone = false;
  return (chunk) => {
    if (isDone) return;
    if (chunk !== null) {
      const part = chunk.subarray(0, limit - length);
      chunks.push(part);
      length += part.length;
      if (length < limit) return;
    }
    isDone = true;
    const start = Buffer.concat(chunks);
    for (const { bytes, read } of wanted) read(start.subarray(0, bytes));
  };
}

/** How much of a refusal is kept: Django's and Express's JSON fits, and so does the beginning of a page that names the error. */
const REFUSAL_BYTES = 2_048;

/**
 * Reads the text with which an upstream refuses a request. undefined: it does not refuse, or its body is no plain text.
 * The bodies of other answers are never looked at.
 */
export function readRefusal(
  status: number,
  headers: HeaderList,
  found: (text: string) => void,
): StartReader | undefined {
  if (status < 400 || !isPlainText(headers)) return undefined;
  return {
    bytes: REFUSAL_BYTES,
    // As a stream: a character that the limit cuts in two is left out.
    read: (start) => found(new TextDecoder().decode(start, { stream: true })),
  };
}

function isPlainText(headers: HeaderList): boolean {
  let isText = false;
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] as string).toLowerCase();
    if (name === 'content-encoding' && headers[at + 1] !== 'identity') return false;
    if (name === 'content-type') isText = TEXTUAL.test(headers[at + 1] as string);
  }
  return isText;
}

/** Also what has a structured syntax suffix (RFC 6839): `application/problem+json`. */
const TEXTUAL = /^\s*(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml)\b)/i;
