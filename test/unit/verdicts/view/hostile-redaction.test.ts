import { expect, test } from 'vitest';
import { createRedaction } from '../../../../src/verdicts/view/redaction.ts';

// Twice what a body is shown of: what takes time with the square of the length does not come to its end with it.
const LENGTH = 128 * 1024;

test.each([
  ['', 'password:'],
  ['', 'password: $a, '],
  ['', 'auth:80 '],
  ['', '$password: String '],
  ['', 'password '],
  ['', 'password "'],
  ['', 'password:["'],
  ['password:[', '\\'],
  ['password:', '\\'],
  ['password:"', '\\"'],
  ['password', '\\'],
  ['', 'password:\\"'],
  ['', 'password:"""'],
  ['', '{"name":"password","value":'],
  ['', '//'],
  ['', '//a:@'],
  ['', '\\/'],
  ['', '@'],
  ['', 'a-'],
  ['', 'user'],
  ['/reset/', 'a1b2c3;token='],
  ['', 'v1.'],
  ['', 'a,'],
  ['', '“token '],
  ['', '<a '],
])('%j and then %j again and again is looked through', (start, part) => {
  const text = start + part.repeat(LENGTH / part.length);
  const redaction = createRedaction();
  const body = { isCut: false, status: 400 };
  expect(redaction.body({ ...body, mediaType: 'text/plain', text })).toBeTypeOf('string');
  const json = JSON.stringify({ [text.slice(0, 99)]: text, password: [text] });
  expect(redaction.body({ ...body, mediaType: 'application/json', text: json })).toMatch(/^\{.*\}$/s);
  expect(redaction.target(text)).toBeTypeOf('string');
  const headers = ['x-debug', 'location', 'sec-websocket-protocol', text.slice(0, 4_096)];
  expect(redaction.headers(headers.map((name) => [name, ` ${text}`] as const))).toHaveLength(4);
});
