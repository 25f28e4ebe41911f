import { quotedValue } from './quoted-value.ts';
import type { Hide } from './redact-text.ts';

/**
 * Hides what follows a name: in quotes, or as far as it goes without.
 * @param names with the name as its first group.
 * @param endOf says where the value that begins there ends, if it has no quotes; null: it is no secret.
 */
export function replaceValues(
  text: string,
  names: RegExp,
  endOf: (start: number, name: string, match: RegExpExecArray) => number | null,
  hide: Hide,
): string {
  let shown = '';
  let done = 0;
  for (const match of text.matchAll(names)) {
    const start = match.index + match[0].length;
    // It stands in a value that is hidden already.
    if (match.index < done) continue;
    const plainEnd = endOf(start, match[1] ?? '', match);
    if (plainEnd === null) continue;
    const quoted = quotedValue(text, start);
    const from = quoted?.innerStart ?? start;
    const to = quoted?.innerEnd ?? plainEnd;
    if (to <= from) continue;
    shown += text.slice(done, from) + hide(text.slice(from, to));
    done = to;
  }
  return shown + text.slice(done);
}
