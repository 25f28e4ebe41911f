import { quotedValue } from './quoted-value.ts';

/** Where what opens there is closed again; strings may hold brackets. What nothing closes goes to the end. */
export function endOfBrackets(text: string, start: number): number {
  let depth = 0;
  BRACKETS.lastIndex = start;
  for (let match = BRACKETS.exec(text); match !== null; match = BRACKETS.exec(text)) {
    const [piece] = match;
    if (piece === '{' || piece === '[') depth += 1;
    else if (piece === '}' || piece === ']') {
      depth -= 1;
      if (depth === 0) return BRACKETS.lastIndex;
    } else {
      BRACKETS.lastIndex = quotedValue(text, match.index)?.end ?? BRACKETS.lastIndex;
    }
  }
  return text.length;
}

/** An apostrophe inside a word is no quote. */
const BRACKETS = /[{}[\]]|(?<!\\)\\+(?=["'])|"|(?<=[\s{[(,:])'/g;
