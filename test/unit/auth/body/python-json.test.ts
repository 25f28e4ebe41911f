import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PythonJsonError, parsePythonJson } from '../../../../src/auth/body/python-json.ts';
import type { BodyValue } from '../../../../src/auth/body/values.ts';

/** What texts that are nearly JSON are made of. */
const PIECES = '{ } [ ] : , " "a" 1 - .5 e3 true nul null \\ \\u00e9'.split(' ').concat(' ', '\n', '\u0001');

function messageFor(text: string): string | undefined {
  try {
    parsePythonJson(text);
    return undefined;
  } catch (error) {
    if (error instanceof PythonJsonError) return error.message;
    throw error;
  }
}

/** The same value as JSON.parse would give it. */
function plain(value: BodyValue): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, member]) => [key, plain(member)]));
  if (Array.isArray(value)) return (value as readonly BodyValue[]).map(plain);
  if (typeof value === 'object' && value !== null && 'text' in value) return Number(value.text);
  return value;
}

describe('parsePythonJson', () => {
  // Recorded from Python 3.11's json module.
  it.each([
    ['', 'Expecting value: line 1 column 1 (char 0)'],
    ['{', 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['{"a"}', "Expecting ':' delimiter: line 1 column 5 (char 4)"],
    ['{"a":}', 'Expecting value: line 1 column 6 (char 5)'],
    ['{"a":1', "Expecting ',' delimiter: line 1 column 7 (char 6)"],
    ['{"a":1,}', 'Expecting property name enclosed in double quotes: line 1 column 8 (char 7)'],
    ["{'a':1}", 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['[1,]', 'Expecting value: line 1 column 4 (char 3)'],
    ['{"a":1}x', 'Extra data: line 1 column 8 (char 7)'],
    ['"x', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['"\\', 'Unterminated string starting at: line 1 column 1 (char 0)'],
    ['"\t"', 'Invalid control character at: line 1 column 2 (char 1)'],
    ['"\\x"', 'Invalid \\escape: line 1 column 2 (char 1)'],
    ['"\\u12G4"', 'Invalid \\uXXXX escape: line 1 column 3 (char 2)'],
    ['{\n"a":1,\n"b" 2}', "Expecting ':' delimiter: line 3 column 5 (char 13)"],
    ['{"🦊":x}', 'Expecting value: line 1 column 6 (char 5)'],
    ['\ufeff{}', 'Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)'],
    ['[NaN]', "Out of range float values are not JSON compliant: 'NaN'"],
    ['-Infinity', "Out of range float values are not JSON compliant: '-Infinity'"],
    ['01', 'Extra data: line 1 column 2 (char 1)'],
    ['1e', 'Extra data: line 1 column 2 (char 1)'],
  ])('says of %j what Python says', (text, message) => {
    expect(messageFor(text)).toBe(message);
  });

  it.each([
    ['1', 'int', '1'],
    ['1.0', 'float', '1.0'],
    ['-0', 'int', '0'],
    ['-0.0', 'float', '-0.0'],
    ['1e400', 'float', 'inf'],
    ['1e16', 'float', '1e+16'],
    ['0.00001', 'float', '1e-05'],
    ['123456789012345678901234567890', 'int', '123456789012345678901234567890'],
  ])('keeps of the number %s what Python would print', (source, kind, text) => {
    expect(parsePythonJson(source)).toEqual({ kind, text });
  });

  it('refuses integers with more digits than Python converts', () => {
    expect(messageFor('1'.repeat(4301))).toContain('Exceeds the limit (4300 digits)');
    expect(messageFor('1'.repeat(4300))).toBeUndefined();
  });

  it('ends deep nesting with an error of its own', () => {
    expect(messageFor('['.repeat(100_000))).toBe('maximum recursion depth exceeded');
  });

  it('keeps the last of several members of a name, and knows no special names', () => {
    const value = parsePythonJson('{"a":"x","__proto__":"p","a":"y"}') as ReadonlyMap<string, BodyValue>;
    expect([...value]).toEqual([
      ['a', 'y'],
      ['__proto__', 'p'],
    ]);
  });

  it('reads every JSON text to the value that JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(plain(parsePythonJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('accepts and refuses what JSON.parse accepts and refuses', () => {
    const pieces = fc.constantFrom(...PIECES);
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        expect(messageFor(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
