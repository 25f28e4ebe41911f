import { describe, expect, it } from 'vitest';
import { MAX_FORM_FIELDS, parseForm } from '../../../../src/auth/body/form.ts';

describe('parseForm', () => {
  it('decodes, and keeps the last of several values', () => {
    expect(parseForm('a=1&b=%C3%BC+x&a=2')).toEqual(
      new Map([
        ['a', '2'],
        ['b', 'ü x'],
      ]),
    );
  });

  it('refuses more fields than Django takes', () => {
    expect(parseForm('a=1&'.repeat(MAX_FORM_FIELDS))).toBeDefined();
    expect(parseForm('a=1&'.repeat(MAX_FORM_FIELDS + 1))).toBeUndefined();
  });
});
