/**
 * What a request's body holds, with Python's distinctions: an int and a float are told apart and keep all their
 * digits, because REST framework turns them into strings as Python writes them.
 */
export type BodyValue =
  | string
  | boolean
  | null
  | PythonNumber
  | UploadedFile
  | readonly BodyValue[]
  | BodyMapping;

export type BodyMapping = ReadonlyMap<string, BodyValue>;

export interface PythonNumber {
  readonly kind: 'int' | 'float';
  /** As Python's str() writes it. */
  readonly text: string;
}

export interface UploadedFile {
  readonly kind: 'file';
  readonly name: string;
}

/** A whole body. `form`: from a form, where a missing and an empty field mean other things than in JSON. */
export interface Body {
  readonly form: boolean;
  readonly value: BodyValue;
}

export function isMapping(value: BodyValue): value is BodyMapping {
  return value instanceof Map;
}

export function isNumber(value: BodyValue): value is PythonNumber {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind !== 'file';
}

/** The name of the Python type, for "Expected a dictionary, but got list.". */
export function pythonTypeName(value: BodyValue): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return 'list';
  if (isMapping(value)) return 'dict';
  return (value as PythonNumber | UploadedFile).kind;
}

/** How Python writes a float: the shortest digits that read back, with an exponent from 1e16 and below 1e-4. */
export function pythonFloat(value: number): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [digits = '', exponent = '0'] = value.toExponential().split('e');
    const sign = exponent.startsWith('-') ? '-' : '+';
    return `${digits}e${sign}${exponent.replace(/^[+-]/, '').padStart(2, '0')}`;
  }
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Python's str.strip(): what str.isspace() calls white space. JavaScript's trim() knows a slightly different set. */
export function pythonStrip(text: string): string {
  return text.replace(LEADING_SPACE, '').replace(TRAILING_SPACE, '');
}

const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING_SPACE = new RegExp(`^${SPACE}+`);
const TRAILING_SPACE = new RegExp(`${SPACE}+$`);

/** Python's len(): code points, not UTF-16 units. */
export function pythonLength(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
