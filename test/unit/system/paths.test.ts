import { expect, test } from 'vitest';
import { defaultHostsFile, resolvePaths } from '../../../src/system/paths.ts';
import { projectStateDir } from '../../../src/system/project-dir.ts';

test('Linux follows the XDG directories, and only where they are absolute', () => {
  expect(resolvePaths('linux', {}, '/home/ann', '/srv')).toEqual({
    dataDir: '/home/ann/.local/share/jwt-dev',
    stateDir: '/home/ann/.local/state/jwt-dev',
  });
  expect(
    resolvePaths('linux', { XDG_DATA_HOME: '/data', XDG_STATE_HOME: 'relative' }, '/home/ann', '/srv'),
  ).toEqual({
    dataDir: '/data/jwt-dev',
    stateDir: '/home/ann/.local/state/jwt-dev',
  });
});

test('macOS and Windows use their own places', () => {
  expect(resolvePaths('darwin', {}, '/Users/ann', '/srv').dataDir).toBe(
    '/Users/ann/Library/Application Support/jwt-dev/data',
  );
  expect(resolvePaths('win32', { LOCALAPPDATA: 'C:\\Local' }, 'C:\\Users\\ann', '/srv').stateDir).toBe(
    'C:\\Local\\jwt-dev\\state',
  );
});

test('JWT_DEV_HOME moves everything below one directory', () => {
  expect(resolvePaths('linux', { JWT_DEV_HOME: '/tmp/x' }, '/home/ann', '/srv')).toEqual({
    dataDir: '/tmp/x/data',
    stateDir: '/tmp/x/state',
  });
});

test('two projects of one name have two directories', () => {
  const paths = resolvePaths('linux', {}, '/home/ann', '/srv');
  const [one, two] = [projectStateDir(paths, '/a/shop'), projectStateDir(paths, '/b/shop')];
  expect(one).not.toBe(two);
  expect(one).toMatch(/projects\/shop-[0-9a-f]{10}$/);
  expect(projectStateDir(paths, '/')).toMatch(/projects\/root-/);
  expect(projectStateDir(paths, '/a/..x y/é')).not.toMatch(/[^\w./-]/);
});

test('the hosts file of the platform', () => {
  expect(defaultHostsFile('linux', {})).toBe('/etc/hosts');
  expect(defaultHostsFile('win32', { SystemRoot: 'D:\\Win' })).toBe('D:\\Win\\System32\\drivers\\etc\\hosts');
});
