import { describe, expect, it } from 'vitest';
import { checkPreflight } from '../../../../src/verdicts/cors/preflight.ts';
import type { CorsRequest, HeaderPairs } from '../../../../src/verdicts/cors/types.ts';
import { ALLOWED, answerOf, requestOf } from './requests.ts';

const PUT = requestOf({ method: 'PUT' });
const OPEN: HeaderPairs = [['Access-Control-Allow-Origin', '*']];

function problemWith(request: CorsRequest, headers: HeaderPairs, status = 204) {
  const problem = checkPreflight(request, answerOf(headers, status));
  return problem === null ? null : [problem.error, problem.failedParameter];
}

function allowing(methods: string | null, headers: string | null = null): HeaderPairs {
  return [
    ...ALLOWED,
    ...(methods === null ? [] : [['Access-Control-Allow-Methods', methods] as const]),
    ...(headers === null ? [] : [['Access-Control-Allow-Headers', headers] as const]),
  ];
}

describe('the status of a preflight answer', () => {
  it.each([200, 201, 204, 206, 226, 299])('%i is fine', (status) => {
    expect(problemWith(PUT, allowing('PUT'), status)).toBeNull();
  });

  it.each([199, 300, 302, 304, 401, 403, 404, 405, 500, 503])('%i is not', (status) => {
    expect(problemWith(PUT, allowing('PUT'), status)).toEqual(['PreflightInvalidStatus', '']);
  });

  it.each([301, 302, 303, 307, 308])('%i with a Location is a redirect, whatever else it says', (status) => {
    const redirect: HeaderPairs = [['Location', 'https://api.example.com/x/']];
    expect(problemWith(PUT, redirect, status)).toEqual(['PreflightDisallowedRedirect', '']);
  });

  it('is looked at after the origin', () => {
    expect(problemWith(PUT, [], 404)).toEqual(['PreflightMissingAllowOriginHeader', '']);
  });
});

describe('the access check of a preflight answer', () => {
  it('has names of its own', () => {
    expect(problemWith(PUT, OPEN)).toEqual(['PreflightWildcardOriginNotAllowed', '']);
    expect(problemWith(PUT, [['Access-Control-Allow-Origin', 'https://example.com']])).toEqual([
      'PreflightInvalidAllowCredentials',
      '',
    ]);
    expect(problemWith(PUT, [['Access-Control-Allow-Origin', 'https://other.test']])).toEqual([
      'PreflightAllowOriginMismatch',
      'https://other.test',
    ]);
  });
});

describe('Access-Control-Allow-Methods', () => {
  it.each(['PUT', 'GET,PUT', ' GET , , PUT,', 'put, PUT'])('%j lists PUT', (methods) => {
    expect(problemWith(PUT, allowing(methods))).toBeNull();
  });

  it.each([null, '', 'put', 'GET, POST', 'PUTS', '*'])(
    '%j does not list PUT, with credentials',
    (methods) => {
      expect(problemWith(PUT, allowing(methods))).toEqual(['MethodDisallowedByPreflightResponse', 'PUT']);
    },
  );

  it.each(['"PUT"', 'PUT; GET', 'PUT POST', 'PUT, Bad name', 'PUT/1'])(
    '%j cannot be read: one bad name spoils the list',
    (methods) => {
      expect(problemWith(PUT, allowing(methods))).toEqual(['InvalidAllowMethodsPreflightResponse', '']);
    },
  );

  it('adds up over several lines', () => {
    const lines: HeaderPairs = [...allowing('GET'), ['access-control-allow-methods', 'PUT']];
    expect(problemWith(PUT, lines)).toBeNull();
  });

  it('may be a wildcard unless credentials are included', () => {
    const wildcard: HeaderPairs = [...OPEN, ['Access-Control-Allow-Methods', '*']];
    expect(problemWith(requestOf({ method: 'PUT', credentials: 'omit' }), wildcard)).toBeNull();
    expect(problemWith(requestOf({ method: 'put', credentials: 'same-origin' }), wildcard)).toBeNull();
  });

  it('is case-sensitive: patch is not PATCH', () => {
    expect(problemWith(requestOf({ method: 'patch' }), allowing('PATCH'))).toEqual([
      'MethodDisallowedByPreflightResponse',
      'patch',
    ]);
  });

  it('need not list GET, HEAD and POST', () => {
    const request = requestOf({ method: 'POST', headers: [['x-test', '1']] });
    expect(problemWith(request, allowing(null, 'x-test'))).toBeNull();
  });
});

describe('Access-Control-Allow-Headers', () => {
  const json = requestOf({ method: 'POST', headers: [['Content-Type', 'application/json']] });
  const anonymous = requestOf({ credentials: 'omit', headers: [['Authorization', 'Bearer x']] });

  it.each(['content-type', 'Content-Type', 'accept , CONTENT-TYPE,'])('%j lists content-type', (headers) => {
    expect(problemWith(json, allowing(null, headers))).toBeNull();
  });

  it.each([null, '', '*', 'content-types', 'accept'])(
    '%j does not list content-type, with credentials',
    (headers) => {
      expect(problemWith(json, allowing(null, headers))).toEqual([
        'HeaderDisallowedByPreflightResponse',
        'content-type',
      ]);
    },
  );

  it.each(['content-type; x', '"content-type"', 'content type', 'content-type, a:b'])(
    '%j cannot be read',
    (headers) => {
      expect(problemWith(json, allowing(null, headers))).toEqual([
        'InvalidAllowHeadersPreflightResponse',
        '',
      ]);
    },
  );

  it('is looked at after the method', () => {
    expect(
      problemWith(requestOf({ method: 'PUT', headers: [['x-a', '1']] }), allowing(null, null))?.[0],
    ).toBe('MethodDisallowedByPreflightResponse');
  });

  it('may be a wildcard unless credentials are included, in Chromium even for Authorization', () => {
    const wildcard: HeaderPairs = [...OPEN, ['Access-Control-Allow-Headers', '*']];
    expect(problemWith(anonymous, wildcard)).toBeNull();
    expect(problemWith({ ...anonymous, credentials: 'include' }, allowing(null, '*'))?.[1]).toBe(
      'authorization',
    );
  });

  it('is blamed with the first refused header in the order of the browser, not of the alphabet', () => {
    const request = requestOf({
      headers: [
        ['content-type', 'application/json'],
        ['x-csrftoken', 'x'],
      ],
    });
    expect(problemWith(request, allowing(null))?.[1]).toBe('x-csrftoken');
    expect(problemWith(request, allowing(null, 'x-csrftoken'))?.[1]).toBe('content-type');
  });

  it('is said together with the value it has and the name it lacks', () => {
    expect(checkPreflight(json, answerOf(allowing(null, 'accept'), 204))).toEqual({
      error: 'HeaderDisallowedByPreflightResponse',
      failedParameter: 'content-type',
      on: 'preflight',
      header: 'access-control-allow-headers',
      value: 'accept',
      wanted: 'content-type',
    });
  });
});
