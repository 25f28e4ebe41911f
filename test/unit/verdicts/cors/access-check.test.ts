import { describe, expect, it } from 'vitest';
import { checkAnswer, parseAllowOrigin } from '../../../../src/verdicts/cors/access-check.ts';
import type { CredentialsMode, HeaderPairs } from '../../../../src/verdicts/cors/types.ts';
import { ALLOWED, answerOf, requestOf } from './requests.ts';

function problemWith(headers: HeaderPairs, credentials: CredentialsMode = 'include', tainted = false) {
  const problem = checkAnswer(requestOf({ credentials }), answerOf(headers), { originTainted: tainted });
  return problem === null ? null : [problem.error, problem.failedParameter];
}

function withOrigin(value: string): HeaderPairs {
  return [
    ['access-control-allow-origin', value],
    ['access-control-allow-credentials', 'true'],
  ];
}

describe('Access-Control-Allow-Origin', () => {
  it('lets the page read where it names exactly its origin', () => {
    expect(problemWith(ALLOWED)).toBeNull();
  });

  it('is read without the white space around it', () => {
    expect(problemWith(withOrigin('\t https://example.com \t'))).toBeNull();
  });

  it('is missing', () => {
    expect(problemWith([['access-control-allow-credentials', 'true']])).toEqual([
      'MissingAllowOriginHeader',
      '',
    ]);
  });

  it.each([
    'https://example.com/',
    'HTTPS://example.com',
    'https://EXAMPLE.com',
    'https://example.com:443',
    'http://example.com',
    'https://www.example.com',
    'https://*.example.com',
    'https://example.com;https://other.test',
    'example.com:443',
    'null',
    '\u000bhttps://example.com',
  ])('that says %j is a mismatch: byte for byte, no patterns', (value) => {
    expect(problemWith(withOrigin(value))).toEqual(['AllowOriginMismatch', value]);
  });

  it.each(['example.com', '', 'true', '"*"', '//example.com', 'https://', 'https://example.com:port'])(
    'that says %j is invalid: it is no URL at all',
    (value) => {
      expect(problemWith(withOrigin(value))).toEqual(['InvalidAllowOriginValue', value]);
    },
  );

  it.each(['https://example.com,https://other.test', 'https://example.com https://example.com', '*, *'])(
    'that says %j has several values',
    (value) => {
      expect(problemWith(withOrigin(value))).toEqual(['MultipleAllowOriginValues', value]);
    },
  );

  it('has several values when two lines say the same', () => {
    expect(problemWith([...ALLOWED, ...ALLOWED])).toEqual([
      'MultipleAllowOriginValues',
      'https://example.com, https://example.com',
    ]);
  });

  it('may be a wildcard unless credentials are included', () => {
    expect(problemWith(withOrigin('*'), 'omit')).toBeNull();
    expect(problemWith(withOrigin('*'), 'same-origin')).toBeNull();
    expect(problemWith(withOrigin('*'))).toEqual(['WildcardOriginNotAllowed', '']);
  });

  it('has to be null for a page with an opaque origin, and after a redirect from another origin', () => {
    const sandboxed = requestOf({ pageOrigin: 'null' });
    expect(checkAnswer(sandboxed, answerOf(withOrigin('null')))).toBeNull();
    expect(problemWith(withOrigin('null'), 'include', true)).toBeNull();
    expect(problemWith(withOrigin('https://example.com'), 'include', true)).toEqual([
      'AllowOriginMismatch',
      'https://example.com',
    ]);
  });

  it('is said together with what it should have been', () => {
    expect(checkAnswer(requestOf(), answerOf(withOrigin('https://example.com/')))).toEqual({
      error: 'AllowOriginMismatch',
      failedParameter: 'https://example.com/',
      on: 'response',
      header: 'access-control-allow-origin',
      value: 'https://example.com/',
      wanted: 'https://example.com',
    });
  });

  it('is classified without a request, too', () => {
    const kinds = [null, '*', 'https://example.com', 'a, b', 'example.com'].map((value) => {
      return parseAllowOrigin(value).kind;
    });
    expect(kinds).toEqual(['absent', 'wildcard', 'origin', 'several', 'invalid']);
  });
});

describe('Access-Control-Allow-Credentials', () => {
  it.each(['True', 'TRUE', '1', 'yes', '"true"', 'true, true', ''])(
    'that says %j does not let a page read what it asked for with credentials',
    (value) => {
      const headers: HeaderPairs = [
        ['access-control-allow-origin', 'https://example.com'],
        ['access-control-allow-credentials', value],
      ];
      expect(problemWith(headers)).toEqual(['InvalidAllowCredentials', value]);
    },
  );

  it('does not matter unless credentials are included', () => {
    expect(problemWith([['access-control-allow-origin', 'https://example.com']], 'omit')).toBeNull();
    expect(problemWith([['access-control-allow-origin', 'https://example.com']], 'same-origin')).toBeNull();
    expect(problemWith([['access-control-allow-origin', 'https://example.com']])).toEqual([
      'InvalidAllowCredentials',
      '',
    ]);
  });

  it('is looked at after the origin', () => {
    expect(problemWith([['access-control-allow-origin', 'https://other.test']])?.[0]).toBe(
      'AllowOriginMismatch',
    );
  });
});
