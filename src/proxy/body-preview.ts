import { headerOf } from './headers.ts';
import type { BodyStart, HeaderList } from './types.ts';

/** A login form is 60 bytes, a page of an API's list some kilobytes. */
const KEPT_BYTES = 16 * 1024;

/** Sees a body pass and keeps how it begins. */
export interface BodyPreview extends BodyStart {
  readonly see: (chunk: Buffer) => void;
}

/** undefined: the body is no text that a person would read. */
export function createBodyPreview(headers: HeaderList): BodyPreview | undefined {
  const type = headerOf(headers, 'content-type');
  if (type === undefined || !TEXTUAL.test(type) || CODE.test(type)) return undefined;
  const encoding = headerOf(headers, 'content-encoding')?.trim().toLowerCase();
  return new Preview(encoding === undefined || encoding === 'identity' ? null : encoding);
}

/**
 * One object for a body, and no copy of what is not kept. Kept bytes are characters of a string: a part of the chunk would
 * hold all of its 64 KiB, and thousands of small buffers are dearer to the collector than as many strings.
 */
class Preview implements BodyPreview {
  readonly encoding: string | null;
  size = 0;
  #text = '';

  constructor(encoding: string | null) {
    this.encoding = encoding;
  }

  get kept(): number {
    return this.#text.length;
  }

  see(chunk: Buffer): void {
    const { kept } = this;
    // After the limit, and after it was let go of, bytes are only counted.
    const isWhole = kept === this.size;
    this.size += chunk.length;
    if (isWhole && kept < KEPT_BYTES) this.#text += chunk.toString('latin1', 0, KEPT_BYTES - kept);
  }

  start(): Uint8Array {
    return Buffer.from(this.#text, 'latin1');
  }

  forget(): void {
    this.#text = '';
  }
}

/** What people read: also with a structured syntax suffix (RFC 6839), such as `application/problem+json`. */
const TEXTUAL =
  /^\s*(?:text\/|application\/(?:(?:[\w.-]+\+)?(?:json|xml)|x-www-form-urlencoded|x-ndjson)\b)/i;
/** What a frontend is made of. */
const CODE = /^\s*text\/(?:css|(?:x-)?(?:java|ecma|type)script|jsx|tsx)\b/i;
