/* oxlint-disable no-control-regex -- they are what is looked for */
/** ECMA-48: colours and cursor movements of a terminal. */
const ESCAPE_SEQUENCE =
  /\u001B(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\u0007\u001B]{0,400}(?:\u0007|\u001B\\)|[@-Z\\-_])/g;
/** Everything that cannot be printed, but tab and line feed. */
const CONTROL = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g;

/**
 * Pasted text as the patterns expect it: without colours, control characters and backticks, with straight quotes, and with
 * quotes that a logger escaped set free again.
 */
export function cleanText(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCE, '')
    .replace(/\r\n?/g, '\n')
    .replace(CONTROL, '')
    .replace(/[\u2018\u2019\u201A\u201B]/g, "'")
    .replace(/[\u201C-\u201F]/g, '"')
    .replaceAll('`', '')
    .replace(/\\(["'])/g, '$1');
}
