import { describe, expect, it } from 'vitest';
import { decodeText, UndecodableError } from '../../../../src/auth/body/charset.ts';
import { parseMediaType } from '../../../../src/auth/http/media-type.ts';

const decode = (hex: string, type = 'application/json'): string =>
  decodeText(Buffer.from(hex, 'hex'), parseMediaType(type));

describe('decodeText', () => {
  it('reads UTF-8, with its byte order mark still there', () => {
    expect(decode('c3bc')).toBe('ü');
    expect(decode('efbbbf7b7d')).toBe('\ufeff{}');
  });

  it('reads the charset of the content type, and UTF-8 for one that nobody knows', () => {
    expect(decode('fc', 'application/json; charset=latin-1')).toBe('ü');
    expect(decode('c3bc', 'application/json; charset=no-such-charset')).toBe('ü');
    expect(decode('c3bc', 'application/json; charset="UTF8"')).toBe('ü');
  });

  it('says as Python where UTF-8 is broken', () => {
    expect(() => decode('22ff22')).toThrow(
      new UndecodableError("'utf-8' codec can't decode byte 0xff in position 1: invalid start byte"),
    );
    expect(() => decode('22c328')).toThrow(
      new UndecodableError("'utf-8' codec can't decode byte 0xc3 in position 1: invalid continuation byte"),
    );
  });

  it('leaves out a sequence that the body breaks off, as Python does', () => {
    expect(decode('7b7de282')).toBe('{}');
    expect(decode('c3')).toBe('');
  });
});
