import { stripVTControlCharacters } from 'node:util';

// Select Graphic Rendition: colours and styles, ECMA-48, 8.3.117.
// oxlint-disable-next-line no-control-regex -- these are the characters in question.
const COLOUR = /(\u001B\[[\d;:]*m)/;
// oxlint-disable-next-line no-control-regex -- all control characters of Unicode except the tab.
const CONTROL = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F]/g;

/** A line without colours, cursor movements, titles, links and other control characters. Tabs stay. */
export function plainText(line: string): string {
  return stripVTControlCharacters(line).replace(CONTROL, '');
}

/** The same, but with its colours, which end with the line: they must not run into the next program's. */
export function colouredText(line: string): string {
  const pieces = line.split(COLOUR);
  if (pieces.length === 1) return plainText(line);
  return `${pieces.map((piece, index) => (index % 2 === 1 ? piece : plainText(piece))).join('')}\u001B[0m`;
}
