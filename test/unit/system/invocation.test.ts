import { expect, test } from 'vitest';
import { invocationText } from '../../../src/system/invocation.ts';

test.each([
  ['/home/ann/shop/node_modules/.bin/jwt-dev', '/home/ann/shop', 'npx jwt-dev'],
  ['/home/ann/shop/node_modules/jwt-dev/bin/jwt-dev.js', '/home/ann/shop', 'npx jwt-dev'],
  ['/usr/local/bin/jwt-dev', '/home/ann', 'jwt-dev'],
  ['/home/ann/jwt-dev/bin/jwt-dev.js', '/home/ann/jwt-dev', 'node bin/jwt-dev.js'],
  ['/home/ann/jwt dev/bin/jwt-dev.js', '/srv', "node '/home/ann/jwt dev/bin/jwt-dev.js'"],
])('%s from %s', (script, cwd, text) => {
  expect(invocationText(script, cwd)).toBe(text);
});
