import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../../../src/hosts/addresses.ts';
import { hostsBlockId, wantedEntries } from '../../../src/hosts/entries.ts';
import { cacheWarnings, resolutionWarnings } from '../../../src/hosts/format.ts';
import { findNameCaches, flushNameCaches } from '../../../src/hosts/name-caches.ts';
import { checkResolution } from '../../../src/hosts/resolution.ts';
import { findWslHost, regeneratesHosts } from '../../../src/hosts/wsl.ts';
import { WANTED } from '../../helpers/hosts-files.ts';
import { DONE, recordingRun } from '../../helpers/hosts-world.ts';

describe('canonicalAddress', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::FFFF:127.0.0.1', '::ffff:127.0.0.1'],
    ['fe80::1%lo0', 'fe80::1%lo0'],
    ['127.1', null],
    ['127.0.0.01', null],
    ['example.com', null],
    ['', null],
  ])('reads %j as %j', (text, expected) => {
    expect(canonicalAddress(text)).toBe(expected);
  });
});

describe('what a configuration wants', () => {
  const upstream = { kind: 'bundled' } as const;
  it('is every host at every address', () => {
    const entries = wantedEntries({
      frontend: { hostname: 'example.com', upstream, paths: [] },
      api: { hostname: 'api.example.com', upstream, paths: [] },
      extraHosts: [],
      hosts: { file: '/etc/hosts', addresses: ['127.0.0.1', '::1'], apply: false, lease: false },
    });
    expect(entries).toEqual(WANTED);
  });

  it('is kept apart by project, and alike wherever there is no configuration file', () => {
    expect(hostsBlockId({ file: '/p/jwt-dev.config.json', stateDir: '/s/projects/shop-12' })).toBe('shop-12');
    expect(hostsBlockId({ file: null, stateDir: '/s/projects/anywhere-34' })).toBe('default');
  });
});

describe('checkResolution', () => {
  const entries = WANTED.slice(0, 2);
  const answer = (addresses: readonly string[]): ReturnType<typeof checkResolution> =>
    checkResolution(entries, async () => addresses);

  it.each([
    [['127.0.0.1', '::1'], 'us'],
    [['127.0.0.1', '127.0.0.1'], 'us'],
    [['127.0.0.1', '93.184.216.34'], 'partly'],
    [['93.184.216.34'], 'elsewhere'],
    [[], 'nothing'],
  ])('says of %j that it reaches %s', async (addresses, reaches) => {
    const found = await answer(addresses);
    expect(found).toMatchObject([{ hostname: 'example.com', reaches }]);
    expect(resolutionWarnings(found)).toHaveLength(reaches === 'us' ? 0 : 1);
  });

  it('takes an unknown name for nothing, and lets any other error through', async () => {
    const failing = (code: string) =>
      checkResolution(entries, () => Promise.reject(Object.assign(new Error(code), { code })));
    expect(await failing('ENOTFOUND')).toMatchObject([{ reaches: 'nothing' }]);
    await expect(failing('EMFILE')).rejects.toThrow('EMFILE');
  });
});

describe('name caches', () => {
  const names = async (platform: NodeJS.Platform, ...present: string[]): Promise<readonly string[]> =>
    (await findNameCaches({ platform, exists: async (file) => present.includes(file) })).map(
      ({ name }) => name,
    );

  it('are those of the platform, where they run', async () => {
    expect(await names('darwin')).toEqual(['Directory Service', 'mDNSResponder']);
    expect(await names('win32')).toEqual(['Windows DNS client']);
    expect(await names('linux')).toEqual([]);
    expect(await names('linux', '/run/systemd/resolve', '/run/nscd/socket')).toEqual([
      'systemd-resolved',
      'nscd',
    ]);
  });

  it('are flushed, or named with their command', async () => {
    const { run, calls } = recordingRun((file) => ({ ...DONE, exitCode: file === 'nscd' ? 1 : 0 }));
    const flushes = await flushNameCaches({ platform: 'linux', run, exists: async () => true });
    expect(calls).toEqual([
      ['resolvectl', 'flush-caches'],
      ['nscd', '-i', 'hosts'],
    ]);
    expect(flushes.map(({ flushed }) => flushed)).toEqual([true, false]);
    expect(cacheWarnings(flushes)).toEqual([
      'nscd may remember old answers; flush it with: sudo nscd -i hosts',
    ]);
  });
});

describe('WSL', () => {
  const inside = (answer: Parameters<typeof recordingRun>[0]) =>
    findWslHost({ platform: 'linux', env: { WSL_DISTRO_NAME: 'Ubuntu' }, run: recordingRun(answer).run });

  it('leads to the Windows hosts file through %SystemRoot%', async () => {
    const host = await inside((file, args) => ({
      ...DONE,
      stdout:
        file === 'cmd.exe' ? 'D:\\Windows\r\n' : `/mnt/d/${String(args[1]).slice(3).replaceAll('\\', '/')}\n`,
    }));
    expect(host).toEqual({ distribution: 'Ubuntu', hostsFile: '/mnt/d/Windows/System32/drivers/etc/hosts' });
  });

  it('is nothing to us without Windows programs, or on another system', async () => {
    expect(await inside(() => ({ ...DONE, exitCode: undefined, errno: 'ENOENT' }))).toBeNull();
    expect(await findWslHost({ platform: 'linux', env: {}, run: recordingRun().run })).toBeNull();
    expect(
      await findWslHost({ platform: 'win32', env: { WSL_DISTRO_NAME: 'x' }, run: recordingRun().run }),
    ).toBeNull();
  });

  it.each([
    [null, true],
    ['[network]\ngenerateHosts = false\n', false],
    ['[network]\r\ngeneratehosts=FALSE\r\n', false],
    ['[network]\ngenerateHosts=true\n', true],
    ['[boot]\ngenerateHosts=false\n', true],
  ])('writes /etc/hosts anew by %j: %s', (text, expected) => {
    expect(regeneratesHosts(text)).toBe(expected);
  });
});
