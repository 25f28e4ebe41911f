import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ChildEnvironmentInput, childEnvironment } from '../../../src/supervisor/child-environment.ts';
import { withLocalPrograms } from '../../../src/supervisor/search-path.ts';

const input: ChildEnvironmentInput = {
  inherited: { PATH: '/usr/bin', HOST: 'x86_64-conda-linux-gnu', PORT: '3000', EMPTY: undefined },
  configured: {},
  port: 40_123,
  hostname: 'example.com',
  origin: 'https://example.com:8443',
  client: {
    JWT_DEV_FRONTEND_URL: 'https://example.com:8443',
    JWT_DEV_API_URL: 'https://api.example.com:8443',
    NODE_EXTRA_CA_CERTS: '/data/root.pem',
    HTTPS_PROXY: null,
  },
  colour: false,
};

describe('the environment of a command', () => {
  test('says where to listen, where the site is and what to trust', () => {
    expect(childEnvironment(input)).toMatchObject({
      PATH: '/usr/bin',
      PORT: '40123',
      HOST: '127.0.0.1',
      JWT_DEV_FRONTEND_URL: 'https://example.com:8443',
      JWT_DEV_API_URL: 'https://api.example.com:8443',
      JWT_DEV_ORIGIN: 'https://example.com:8443',
      NODE_EXTRA_CA_CERTS: '/data/root.pem',
    });
    const inherited = { ...input.inherited, HTTPS_PROXY: 'http://127.0.0.1:1' };
    expect(childEnvironment({ ...input, inherited })).not.toHaveProperty('HTTPS_PROXY');
    expect(childEnvironment(input)).not.toHaveProperty('EMPTY');
  });

  test.each([
    ['Vite, one name as all versions take it', '__VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS', 'example.com'],
    ['Angular SSR', 'NG_ALLOWED_HOSTS', 'example.com,localhost,127.0.0.1'],
    ['Create React App with a proxy', 'DANGEROUSLY_DISABLE_HOST_CHECK', 'true'],
    ["Create React App's socket for reloads, on the host of the page", 'WDS_SOCKET_HOST', '0.0.0.0'],
    ["Create React App's socket for reloads, on the port of the page", 'WDS_SOCKET_PORT', '0'],
    ["Python's output, which would wait in a buffer", 'PYTHONUNBUFFERED', '1'],
    ['servers that would open a browser', 'BROWSER', 'none'],
  ])('tells who needs it: %s', (_who, name, value) => {
    expect(childEnvironment(input)[name]).toBe(value);
  });

  test('lets the host through: Next.js 16, by an adapter, unless there is one', () => {
    expect(childEnvironment(input)['NEXT_ADAPTER_PATH']).toMatch(
      /^[/A-Z].*[/\\]supervisor[/\\]next-adapter\.cjs$/,
    );
    // What the build makes of the adapter's source.
    expect(existsSync(childEnvironment(input)['NEXT_ADAPTER_PATH']?.replace(/cjs$/, 'cts') ?? '')).toBe(true);
    const inherited = { ...input.inherited, NEXT_ADAPTER_PATH: '/mine.js' };
    expect(childEnvironment({ ...input, inherited })['NEXT_ADAPTER_PATH']).toBe('/mine.js');
    const empty = { ...input.inherited, NEXT_ADAPTER_PATH: '' };
    expect(childEnvironment({ ...input, inherited: empty })['NEXT_ADAPTER_PATH']).not.toBe('');
  });

  test('the configuration of the user wins', () => {
    const configured = { PORT: '1', NODE_EXTRA_CA_CERTS: '/mine.pem', OWN: 'x' };
    expect(childEnvironment({ ...input, configured })).toMatchObject(configured);
  });

  test.each([
    ['our own output has colours', true, {}, '1'],
    ['it has none', false, {}, undefined],
    ['the user wants none', true, { NO_COLOR: '1' }, undefined],
  ])('asks for colours: %s', (_when, colour, inherited, value) => {
    expect(childEnvironment({ ...input, colour, inherited })['FORCE_COLOR']).toBe(value);
  });
});

describe('the search path', () => {
  test('begins with the programs of the project and its parents, as in npm scripts', () => {
    expect(withLocalPrograms({ PATH: '/usr/bin:/bin' }, '/home/me/shop', 'linux')['PATH']).toBe(
      '/home/me/shop/node_modules/.bin:/home/me/node_modules/.bin:/home/node_modules/.bin:/node_modules/.bin:/usr/bin:/bin',
    );
  });

  test('takes no node_modules inside node_modules', () => {
    expect(withLocalPrograms({}, '/a/node_modules/b', 'linux')['PATH']).toBe(
      '/a/node_modules/b/node_modules/.bin:/a/node_modules/.bin:/node_modules/.bin',
    );
  });

  test('keeps the name that Windows gave it', () => {
    expect(withLocalPrograms({ Path: 'C:\\Windows' }, 'C:\\shop', 'win32')).toEqual({
      Path: 'C:\\shop\\node_modules\\.bin;C:\\node_modules\\.bin;C:\\Windows',
    });
  });
});
