import { type BodyValue, pythonFloat, pythonLength } from './values.ts';

/**
 * A JSON reader with the messages and the values of Python's json module, which frontends get to see in
 * `{"detail": "JSON parse error - …"}`. JSON.parse gives neither: no place, and 1 and 1.0 are the same to it.
 */
export class PythonJsonError extends Error {
  override readonly name = 'PythonJsonError';
}

/** Python's recursion limit ends deep nesting with an error; ours is a fixed depth. */
const MAX_DEPTH = 500;

/** sys.get_int_max_str_digits(): integers with more digits are refused. */
const MAX_INT_DIGITS = 4300;

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const PLAIN_TEXT = /(?:(?!\p{Cc})[^"\\]|[\x7f-\x9f])*/uy;
const CONSTANTS = ['NaN', 'Infinity', '-Infinity'];
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

export interface PythonJsonOptions {
  /** Refuse an object that has two members of one name. Python takes the last one. */
  readonly uniqueMembers: boolean;
}

/** @throws PythonJsonError */
export function parsePythonJson(
  text: string,
  { uniqueMembers }: PythonJsonOptions = { uniqueMembers: false },
): BodyValue {
  if (text.startsWith('\ufeff')) throw failure('Unexpected UTF-8 BOM (decode using utf-8-sig)', text, 0);
  const reader = { text, uniqueMembers, at: 0 };
  skipSpace(reader);
  const value = readValue(reader, 0);
  skipSpace(reader);
  if (reader.at !== text.length) throw failure('Extra data', text, reader.at);
  return value;
}

interface Reader {
  readonly text: string;
  readonly uniqueMembers: boolean;
  at: number;
}

function readValue(reader: Reader, depth: number): BodyValue {
  const { text, at } = reader;
  if (depth > MAX_DEPTH) throw new PythonJsonError('maximum recursion depth exceeded');
  const char = text[at];
  if (char === '"') return readString(reader);
  if (char === '{') return readObject(reader, depth);
  if (char === '[') return readArray(reader, depth);
  for (const [word, value] of [
    ['null', null],
    ['true', true],
    ['false', false],
  ] as const) {
    if (text.startsWith(word, at)) {
      reader.at += word.length;
      return value;
    }
  }
  const constant = CONSTANTS.find((word) => text.startsWith(word, at));
  if (constant !== undefined) {
    throw new PythonJsonError(`Out of range float values are not JSON compliant: '${constant}'`);
  }
  return readNumber(reader);
}

function readNumber(reader: Reader): BodyValue {
  const match = matchAt(NUMBER, reader);
  if (match === null) throw failure('Expecting value', reader.text, reader.at);
  const [source, fraction, exponent] = match;
  reader.at += source.length;
  if (fraction !== undefined || exponent !== undefined) {
    return { kind: 'float', text: pythonFloat(Number(source)) };
  }
  const digits = source.replace('-', '').length;
  if (digits > MAX_INT_DIGITS) {
    throw new PythonJsonError(
      `Exceeds the limit (${MAX_INT_DIGITS} digits) for integer string conversion: value has ${digits} digits; ` +
        'use sys.set_int_max_str_digits() to increase the limit',
    );
  }
  return { kind: 'int', text: source === '-0' ? '0' : source };
}

function readObject(reader: Reader, depth: number): BodyValue {
  const members = new Map<string, BodyValue>();
  reader.at += 1;
  skipSpace(reader);
  if (reader.text[reader.at] === '}') {
    reader.at += 1;
    return members;
  }
  for (;;) {
    if (reader.text[reader.at] !== '"') {
      throw failure('Expecting property name enclosed in double quotes', reader.text, reader.at);
    }
    const begin = reader.at;
    const name = readString(reader);
    if (reader.uniqueMembers && members.has(name))
      throw failure('Property name stands twice', reader.text, begin);
    skipSpace(reader);
    if (reader.text[reader.at] !== ':') throw failure("Expecting ':' delimiter", reader.text, reader.at);
    reader.at += 1;
    skipSpace(reader);
    members.set(name, readValue(reader, depth + 1));
    if (!continues(reader, '}')) return members;
  }
}

function readArray(reader: Reader, depth: number): BodyValue {
  const items: BodyValue[] = [];
  reader.at += 1;
  skipSpace(reader);
  if (reader.text[reader.at] === ']') {
    reader.at += 1;
    return items;
  }
  for (;;) {
    items.push(readValue(reader, depth + 1));
    if (!continues(reader, ']')) return items;
  }
}

/** After a member or an item: past a comma to the next one (true), or past the end (false). */
function continues(reader: Reader, end: '}' | ']'): boolean {
  skipSpace(reader);
  const char = reader.text[reader.at];
  if (char !== ',' && char !== end) throw failure("Expecting ',' delimiter", reader.text, reader.at);
  reader.at += 1;
  if (char === end) return false;
  skipSpace(reader);
  return true;
}

function readString(reader: Reader): string {
  const begin = reader.at;
  const { text } = reader;
  reader.at += 1;
  let value = '';
  for (;;) {
    const plain = matchAt(PLAIN_TEXT, reader)?.[0] ?? '';
    value += plain;
    reader.at += plain.length;
    const char = text[reader.at];
    if (char === undefined) throw failure('Unterminated string starting at', text, begin);
    if (char === '"') {
      reader.at += 1;
      return value;
    }
    if (char !== '\\') throw failure('Invalid control character at', text, reader.at);
    value += readEscape(reader, begin);
  }
}

function readEscape(reader: Reader, begin: number): string {
  const { text, at } = reader;
  const letter = text[at + 1];
  if (letter === undefined) throw failure('Unterminated string starting at', text, begin);
  if (letter !== 'u') {
    const char = ESCAPES[letter];
    if (char === undefined) throw failure('Invalid \\escape', text, at);
    reader.at += 2;
    return char;
  }
  const digits = text.slice(at + 2, at + 6);
  if (!/^[0-9A-Fa-f]{4}$/.test(digits)) throw failure('Invalid \\uXXXX escape', text, at + 1);
  reader.at += 6;
  return String.fromCharCode(Number.parseInt(digits, 16));
}

function skipSpace(reader: Reader): void {
  reader.at += matchAt(SPACE, reader)?.[0].length ?? 0;
}

function matchAt(pattern: RegExp, reader: Reader): RegExpExecArray | null {
  pattern.lastIndex = reader.at;
  return pattern.exec(reader.text);
}

/** Places count code points, as Python's strings do. */
function failure(message: string, text: string, at: number): PythonJsonError {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = pythonLength(before.slice(before.lastIndexOf('\n') + 1)) + 1;
  return new PythonJsonError(`${message}: line ${line} column ${column} (char ${pythonLength(before)})`);
}
