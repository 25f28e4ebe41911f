import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildNextAdapter } from '../helpers/next-adapter-build.ts';

// A process of its own loads the adapter, as Next.js does it: require.resolve, import, interopDefault (server/config.js).
const LOAD = `
  const { pathToFileURL } = require('node:url');
  const file = process.env.NEXT_ADAPTER_PATH;
  import(pathToFileURL(require.resolve(file)).href).then(async (loaded) => {
    const adapter = loaded.default ?? loaded;
    const [config, context] = JSON.parse(process.argv[1]);
    const changed = await (context === null ? adapter.modifyConfig(config) : adapter.modifyConfig(config, context));
    console.log(JSON.stringify({ name: adapter.name, config: changed }));
  });
`;

const development = { phase: 'phase-development-server', nextVersion: '16.4.6', projectDir: '/shop' };
let dir = '';
let adapter = '';
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-next-'));
  adapter = await buildNextAdapter(dir);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function modify(
  config: object,
  context: object | null = development,
  origin: string | null = 'https://example.com:8443',
): Promise<unknown> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    NEXT_ADAPTER_PATH: adapter,
    ...(origin === null ? {} : { JWT_DEV_ORIGIN: origin }),
  };
  const input = JSON.stringify([config, context]);
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', LOAD, input], { env });
  return JSON.parse(stdout);
}

test('the host of the site is allowed in development, beside what the project allows', async () => {
  expect(await modify({ reactStrictMode: true })).toEqual({
    name: 'jwt-dev',
    config: { reactStrictMode: true, allowedDevOrigins: ['example.com'] },
  });
  expect(await modify({ allowedDevOrigins: ['*.shop.test'] })).toMatchObject({
    config: { allowedDevOrigins: ['*.shop.test', 'example.com'] },
  });
});

test('a build is left alone', async () => {
  const context = { ...development, phase: 'phase-production-build' };
  expect(await modify({ output: 'export' }, context)).toMatchObject({ config: { output: 'export' } });
  expect(await modify({ output: 'export' }, context)).not.toHaveProperty('config.allowedDevOrigins');
});

test('Next.js 15, which says no phase and calls adapters for builds alone, is left alone', async () => {
  expect(await modify({ output: 'export' }, null)).toEqual({ name: 'jwt-dev', config: { output: 'export' } });
});

test.each([
  ['since 16.2', { adapterPath: 'OURS' }, {}],
  ['before', { experimental: { adapterPath: 'OURS', ppr: true } }, { experimental: { ppr: true } }],
])('nothing else of Next.js hears of an adapter (%s)', async (_when, config, rest) => {
  const given = JSON.parse(JSON.stringify(config).replace('OURS', adapter)) as object;
  for (const phase of ['phase-development-server', 'phase-production-build']) {
    expect(await modify(given, { phase }, null)).toEqual({ name: 'jwt-dev', config: rest });
  }
});

test.each([null, '', 'example.com', 'null'])(
  'without a sound origin (%j) nothing is allowed',
  async (origin) => {
    expect(await modify({ a: 1 }, development, origin)).toEqual({ name: 'jwt-dev', config: { a: 1 } });
  },
);
