import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ENDPOINTS, tryRequest } from '../../../../src/pages/inspector/model/endpoints.ts';

const endpoint = (id: string) => {
  const found = ENDPOINTS.find((each) => each.id === id);
  if (found === undefined) throw new Error(`There is no form ${id}.`);
  return found;
};

test('there is a form for every path of the auth API', () => {
  const routes = readFileSync(new URL('../../../../src/auth/routes.ts', import.meta.url), 'utf8');
  const paths = [...routes.matchAll(/^ {2}'?([\w/-]+)'?: \w+View,$/gm)].map(([, path]) => `${path}/`);
  expect(paths).toContain('login/');
  expect([...new Set(ENDPOINTS.map(({ path }) => path))].toSorted()).toEqual(paths.toSorted());
});

test('what is optional and empty is left out; what is required is sent as it is', () => {
  expect(tryRequest(endpoint('user-patch'), '/auth/', { username: '', first_name: 'Ada' })).toEqual({
    method: 'PATCH',
    path: '/auth/user/',
    json: { first_name: 'Ada' },
  });
  expect(tryRequest(endpoint('login'), '/api/', {})).toEqual({
    method: 'POST',
    path: '/api/login/',
    json: { username: '', password: '' },
  });
});

test('a GET has no body', () => {
  expect(tryRequest(endpoint('user'), '/auth/', { username: 'x' })).toEqual({
    method: 'GET',
    path: '/auth/user/',
  });
});
