import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findApi } from '../../src/doctor/api/target.ts';
import { expiryMistake } from '../../src/doctor/checks/token-expiry.ts';
import { configOf, runningInstance } from '../helpers/doctor-facts.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const world = { config: configOf({}), typed: 'jwt-dev' };
const login = { user: 'ann', password: 'secret' };
const nothing = { running: null };

async function running(facts: Parameters<typeof runningInstance>[0] = {}) {
  const caFile = path.join(await tempDir(), 'root.pem');
  await writeFile(caFile, 'PEM');
  return { running: runningInstance({ caFile, ...facts }) };
}

test('the API of the configuration is asked through the running environment, and its certificate is checked', async () => {
  const instance = await running({ api: 'https://api.example.com:8443', httpsPort: 8443, proxy: null });
  expect(await findApi({ url: null, login }, world, instance)).toMatchObject({
    origin: 'https://api.example.com:8443',
    basePath: '/auth/',
    way: { secure: true, port: 8443, authority: 'api.example.com:8443', proxy: null, ca: ['PEM'] },
    headers: {},
  });
  const named = await findApi({ url: 'https://api.example.com/v1/auth', login }, world, instance);
  expect(named).toMatchObject({ origin: 'https://api.example.com:8443', basePath: '/v1/auth/' });
});

test('in rootless mode it is asked through the forward proxy', async () => {
  const instance = await running({ proxy: 'http://127.0.0.1:9999' });
  const { way } = await findApi({ url: null, login: null }, world, instance);
  expect(way).toMatchObject({ address: 'api.example.com', proxy: 'http://127.0.0.1:9999' });
});

test('without an environment nothing is sent to our names: they may be somebody else’s', async () => {
  for (const url of [null, 'https://api.example.com', 'http://api.example.com/auth/']) {
    await expect(findApi({ url, login: null }, world, nothing)).rejects.toMatchObject({
      code: 'ERR_USAGE',
      hint: expect.stringContaining('Start it: jwt-dev up'),
    });
  }
});

test('a plain http server of this machine is asked as the proxy asks it', async () => {
  for (const url of ['http://127.0.0.1:8000', 'http://localhost:8000/', 'http://[::1]:8000']) {
    expect(await findApi({ url, login }, world, nothing)).toMatchObject({
      origin: 'https://api.example.com',
      way: { secure: false, port: 8000, authority: 'api.example.com' },
      headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.example.com' },
    });
  }
});

test('another https server is asked as it stands, with the CAs that Node knows', async () => {
  expect(await findApi({ url: 'https://api.staging.test/auth/', login }, world, nothing)).toMatchObject({
    origin: 'https://api.staging.test',
    basePath: '/auth/',
    way: { secure: true, port: 443, address: 'api.staging.test', ca: [] },
  });
});

test.each([
  ['http://192.168.0.2:8000', /plain http on another machine/],
  ['http://127.0.0.1.attacker.test', /plain http on another machine/],
  ['ftp://127.0.0.1', /needs a URL/],
  ['https://ann:secret@api.staging.test', /needs a URL/],
  ['https://api.staging.test/?token=1', /needs a URL/],
  ['api.example.com', /needs a URL/],
])('%s is refused', async (url, message) => {
  await expect(findApi({ url, login }, world, nothing)).rejects.toThrow(message);
});

const token = (claims: unknown): string =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

test.each([
  ['ends with its token', token({ exp: 1000 }), 1_000_000, null],
  ['a minute later', token({ exp: 1000 }), 1_060_000, null],
  ['long after it', token({ exp: 1000 }), 1_200_000, 'outlives its token by 200 s'],
  ['before it', token({ exp: 1000 }), 800_000, 'ends 200 s before its token'],
  ['with the browser', token({ exp: 1000 }), null, null],
  ['and has no token in it', 'opaque', 1_200_000, null],
  ['and has a token without an end', token({}), 1_200_000, null],
])('a cookie that ends %s', (_, value, expires, mistake) => {
  expect(expiryMistake({ value, expires })).toBe(mistake);
});
