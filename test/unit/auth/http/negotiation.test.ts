import { describe, expect, it } from 'vitest';
import { negotiate } from '../../../../src/auth/http/negotiation.ts';
import { ApiProblem } from '../../../../src/auth/problems.ts';

function statusOf(accept: string | undefined, format?: string): string {
  try {
    const { format: chosen, indent } = negotiate(accept, format);
    return indent === 0 ? chosen : `${chosen} ${indent}`;
  } catch (error) {
    if (error instanceof ApiProblem) return String(error.status);
    throw error;
  }
}

describe('negotiate', () => {
  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['application/json, text/plain, */*', 'json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'html'],
    ['text/html, application/json', 'json'],
    ['application/json;q=0.1, text/html', 'json'],
    ['text/*', 'html'],
    ['application/json; indent=4', 'json 4'],
    ['application/json; indent=99', 'json 8'],
    ['application/json; indent=x', 'json'],
    ['text/html; level=1, application/json', 'html'],
    ['application/xml', '406'],
    ['', '406'],
    ['*', '406'],
    ['application/vnd.api+json', '406'],
  ])('answers Accept %j with %s', (accept, expected) => {
    expect(statusOf(accept)).toBe(expected);
  });

  it.each([
    ['json', 'json'],
    ['api', 'html'],
    ['', 'json'],
    ['xml', '404'],
    ['JSON', '404'],
  ])('answers ?format=%s with %s', (format, expected) => {
    expect(statusOf('*/*', format)).toBe(expected);
  });

  it('still looks at Accept beside ?format', () => {
    expect(statusOf('text/html', 'json')).toBe('406');
  });
});
