import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonFloat, pythonLength, pythonStrip, pythonTypeName } from '../../../../src/auth/body/values.ts';

describe('pythonFloat', () => {
  it.each([
    [1, '1.0'],
    [1.5, '1.5'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.5e300, '1.5e+300'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [-0, '-0.0'],
    [-2.5e-7, '-2.5e-07'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ])('writes %d as %s', (value, text) => {
    expect(pythonFloat(value)).toBe(text);
  });

  it('writes what reads back as the same number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(pythonFloat(value))).toBe(value);
      }),
    );
  });
});

describe('pythonStrip', () => {
  it('takes away what Python calls white space and nothing else', () => {
    expect(pythonStrip(' \t\n\v\f\r\u001c\u001f\u0085\u00a0\u2003x\u3000 ')).toBe('x');
    expect(pythonStrip('\ufeffx\u200b')).toBe('\ufeffx\u200b');
  });

  it('leaves the inside alone', () => {
    fc.assert(fc.property(fc.string(), (text) => pythonStrip(`a${text}b`) === `a${text}b`));
  });
});

describe('pythonLength', () => {
  it('counts code points', () => {
    expect(pythonLength('a🦊é')).toBe(3);
  });
});

describe('pythonTypeName', () => {
  it.each([
    [null, 'NoneType'],
    ['x', 'str'],
    [true, 'bool'],
    [[], 'list'],
    [new Map(), 'dict'],
    [{ kind: 'int', text: '1' } as const, 'int'],
    [{ kind: 'float', text: '1.0' } as const, 'float'],
  ])('of %j is %s', (value, name) => {
    expect(pythonTypeName(value)).toBe(name);
  });
});
