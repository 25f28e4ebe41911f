import { describe, expect, it } from 'vitest';
import { mediaTypeMatches, parseMediaType } from '../../../../src/auth/http/media-type.ts';

describe('parseMediaType', () => {
  it('reads parameters, quoted ones too', () => {
    const { main, sub, parameters } = parseMediaType('Multipart/Form-Data; Boundary="a;b"; x=1');
    expect([main, sub]).toEqual(['multipart', 'form-data']);
    expect([...parameters]).toEqual([
      ['boundary', 'a;b'],
      ['x', '1'],
    ]);
  });

  it.each(['', ';', 'json', '/json', 'a/b/c'])('refuses nothing: %j', (text) => {
    expect(mediaTypeMatches('application/json', parseMediaType(text))).toBe(false);
  });

  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/*',
    '*/*',
    '*/json',
    'application/json;charset=x',
  ])('matches %j with JSON', (text) => {
    expect(mediaTypeMatches('application/json', parseMediaType(text))).toBe(true);
  });
});
