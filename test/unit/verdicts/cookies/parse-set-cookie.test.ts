import { describe, expect, it } from 'vitest';
import { fromLatin1 } from '../../../../src/verdicts/cookies/bytes.ts';
import { parseSetCookie } from '../../../../src/verdicts/cookies/parse-set-cookie.ts';

const parsed = (line: string | Uint8Array): unknown => {
  const result = parseSetCookie(line);
  return result.ok ? [result.name, result.value] : result.reason;
};
const attributes = (rest: string): unknown => {
  const result = parseSetCookie(`a=1; ${rest}`);
  return result.ok ? result.attributes : result.reason;
};

describe('the name and the value', () => {
  it.each([
    ['a=1', ['a', '1']],
    ['  a \t=\t 1  ; Path=/', ['a', '1']],
    ['a=b=c', ['a', 'b=c']],
    ['a="1; 2"', ['a', '"1']],
    ['a', ['', 'a']],
    ['=a', ['', 'a']],
    ['a=', ['a', '']],
    ['a=1\r\nb=2', ['a', '1']],
  ])('of %j are %j', (line, expected) => {
    expect(parsed(line)).toEqual(expected);
  });

  it.each(['', '=', ' = ', ';', '; Path=/'])('are both empty in %j: no cookie', (line) => {
    expect(parsed(line)).toBe('NoCookieContent');
  });

  it('may have 4096 bytes together, however many characters that is', () => {
    expect(parsed(`a=${'x'.repeat(4095)}`)).toHaveLength(2);
    expect(parsed(`a=${'x'.repeat(4096)}`)).toBe('NameValuePairExceedsMaxSize');
    expect(parsed(`a=${'€'.repeat(1365)}`)).toHaveLength(2);
    expect(parsed(`ab=${'€'.repeat(1365)}`)).toBe('NameValuePairExceedsMaxSize');
  });

  it('are text, or the bytes that Node hands over as latin1', () => {
    expect(parsed('a=é')).toEqual(['a', 'é']);
    expect(parsed(fromLatin1('a=\u00c3\u00a9'))).toEqual(['a', 'é']);
    expect(parsed(fromLatin1('a=\u00ff'))).toEqual(['a', '\ufffd']);
  });

  it('may not contain control characters; too long is the stronger reason', () => {
    expect(parsed('a=\u0001')).toBe('DisallowedCharacter');
    expect(parsed('a=1\t2')).toBe('DisallowedCharacter');
    expect(parsed('a\u007f=1')).toBe('DisallowedCharacter');
    expect(parsed(`a=\u0001${'x'.repeat(4096)}`)).toBe('NameValuePairExceedsMaxSize');
    expect(parsed('a=\u0080')).toEqual(['a', '\u0080']);
  });
});

describe('attributes', () => {
  it('are case-insensitive, and the last of a name counts, an empty one too', () => {
    expect(attributes('PATH=/a; path=/b; DOMAIN=x.test; domain=')).toMatchObject({ path: '/b', domain: '' });
  });

  it('Secure and HttpOnly ignore their value; quoted or with more words they are unknown', () => {
    expect(attributes('Secure=false; httponly=no')).toMatchObject({ secure: true, httpOnly: true });
    expect(attributes('"Secure"; HttpOnly yes')).toMatchObject({ secure: false, httpOnly: false });
  });

  it('SameSite with an unknown or no value is unspecified, even after a valid one', () => {
    expect(attributes('SameSite=sTRICT')).toMatchObject({ sameSite: 'Strict' });
    expect(attributes('SameSite=Lax; SameSite=maybe')).toMatchObject({ sameSite: 'unspecified' });
    expect(attributes('SameSite=constructor')).toMatchObject({ sameSite: 'unspecified' });
    expect(attributes('SameSite')).toMatchObject({ sameSite: 'unspecified' });
  });

  it('longer than 1024 bytes are ignored with a warning', () => {
    expect(attributes(`Path=/${'x'.repeat(1023)}`)).toMatchObject({ path: `/${'x'.repeat(1023)}` });
    expect(attributes(`Path=/a; Path=/${'x'.repeat(1024)}`)).toMatchObject({ path: '/a' });
    expect(parseSetCookie(`a=1; Path=/${'x'.repeat(1024)}`).ok).toBe(true);
    expect(parseSetCookie(`a=1; Path=/${'x'.repeat(1024)}`)).toMatchObject({
      warnings: ['WarnAttributeValueExceedsMaxSize'],
    });
  });

  it('with a control character spoil the cookie, unknown ones too', () => {
    expect(attributes('x=\u0002')).toBe('DisallowedCharacter');
    expect(attributes('x\u0002')).toBe('DisallowedCharacter');
  });
});
