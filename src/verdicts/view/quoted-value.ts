/**
 * Where the quoted text that begins at `start` ends, its quotes included: also one in three quotes (GraphQL, 2.9.4), and
 * one whose quotes are escaped themselves, as in JSON inside a log line.
 * @returns where it ends, which is the end of the text where nothing closes it; null: there is none.
 */
export function quotedValue(text: string, start: number): QuotedValue | null {
  let at = start;
  while (text[at] === '\\') at += 1;
  const escapes = at - start;
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return null;
  const opening = text.startsWith('"""', at) ? 3 : 1;
  const innerStart = at + opening;
  const mark = quote.repeat(opening);
  for (let end = text.indexOf(mark, innerStart); end !== -1; end = text.indexOf(mark, end + 1)) {
    let run = 0;
    while (run < end - innerStart && text[end - run - 1] === '\\') run += 1;
    // Each level of escaping doubles what stands before a quote, and adds one.
    const closes = run < escapes || run % (2 * (escapes + 1)) === escapes;
    if (closes) {
      const innerEnd = end - Math.min(run, escapes);
      return { innerStart, innerEnd, end: end + opening };
    }
  }
  return { innerStart, innerEnd: text.length, end: text.length };
}

export interface QuotedValue {
  readonly innerStart: number;
  readonly innerEnd: number;
  readonly end: number;
}
