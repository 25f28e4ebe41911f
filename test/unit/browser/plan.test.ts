import { createHash, X509Certificate } from 'node:crypto';
import vm from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import { browserPlaces } from '../../../src/browser/places.ts';
import { type OpenRequest, planOpen } from '../../../src/browser/plan.ts';
import type { BrowserKind } from '../../../src/browser/types.ts';
import { type Certificate, makeCertificate } from '../../helpers/proxy-fixture.ts';

const PAC = 'function FindProxyForURL() { return "DIRECT"; }';
let leaf: Certificate;
let intermediate: Certificate;

beforeAll(async () => {
  leaf = await makeCertificate(['example.com']);
  intermediate = await makeCertificate(['the CA']);
});

function request(
  kind: BrowserKind,
  platform: NodeJS.Platform,
  overrides: Partial<OpenRequest> & { readonly snap?: string } = {},
): OpenRequest {
  return {
    browser: { kind, file: `/programs/${kind}`, snap: overrides.snap ?? null },
    hostnames: ['example.com', 'api.example.com'],
    route: { kind: 'pac', source: PAC },
    trust: { mode: 'ca', caFile: '/data/root.pem', chainPem: `${leaf.cert}${intermediate.cert}` },
    url: 'https://example.com',
    extraArgs: [],
    stateDir: platform === 'win32' ? 'C:\\state\\shop-1' : '/state/shop-1',
    homeDir: '/home/me',
    platform,
    env: {},
    isRoot: false,
    ...overrides,
  };
}

const valueOf = (args: readonly string[], flag: string): string | undefined =>
  args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1);

describe('Chromium', () => {
  test('on Linux has a home of its own, whose database trusts the CA', () => {
    const plan = planOpen(request('chromium', 'linux'));
    expect(plan.database).toBe('/state/shop-1/browser/chromium/home/.pki/nssdb');
    expect(plan.env).toEqual({
      HOME: '/state/shop-1/browser/chromium/home',
      XDG_DATA_HOME: undefined,
      XDG_CONFIG_HOME: undefined,
      XDG_CACHE_HOME: undefined,
      XAUTHORITY: '/home/me/.Xauthority',
    });
    expect(Object.keys(plan.env)).toContain('XDG_DATA_HOME');
    expect(valueOf(plan.args, '--user-data-dir')).toBe('/state/shop-1/browser/chromium/profile');
    expect(plan.args.join(' ')).not.toContain('ignore-certificate-errors');
    expect(plan.args).toEqual(expect.arrayContaining(['--no-first-run', '--no-default-browser-check']));
  });

  test('keeps the display permission that is named', () => {
    const plan = planOpen(request('chromium', 'linux', { env: { XAUTHORITY: '/run/xauth' } }));
    expect(plan.env['XAUTHORITY']).toBe('/run/xauth');
  });

  test.each(['darwin', 'win32'] as const)(
    'on %s accepts the keys of our chain, in this profile alone',
    (platform) => {
      const plan = planOpen(request('chromium', platform));
      const hashes = [leaf, intermediate].map(({ cert }) =>
        createHash('sha256')
          .update(new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' }))
          .digest('base64'),
      );
      expect(valueOf(plan.args, '--ignore-certificate-errors-spki-list')).toBe(hashes.join(','));
      expect(valueOf(plan.args, '--user-data-dir')).toMatch(/browser[/\\]chromium[/\\]profile$/);
      expect([plan.database, plan.env]).toEqual([null, {}]);
    },
  );

  test('a self-signed certificate is no CA, so its key is named on Linux too', () => {
    const trust = { mode: 'self-signed', caFile: '/data/self.pem', chainPem: leaf.cert } as const;
    const plan = planOpen(request('chromium', 'linux', { trust }));
    expect(valueOf(plan.args, '--ignore-certificate-errors-spki-list')).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(plan.database).toBeNull();
  });

  test('the proxy script is part of the command line: nothing has to be fetched for it', () => {
    const url = valueOf(planOpen(request('chromium', 'linux')).args, '--proxy-pac-url') ?? '';
    expect(url).toMatch(/^data:application\/x-ns-proxy-autoconfig;base64,/);
    expect(Buffer.from(url.split(',')[1] ?? '', 'base64').toString()).toBe(PAC);
  });

  test('without a proxy each name is led to the ports that were had, and other ports to the machine', () => {
    const route = { kind: 'direct', address: '127.0.0.1', httpsPort: 8443, httpPort: 8080 } as const;
    const { args } = planOpen(request('chromium', 'linux', { route, hostnames: ['example.com'] }));
    expect(valueOf(args, '--host-resolver-rules')).toBe(
      'MAP example.com:443 127.0.0.1:8443, MAP example.com:80 127.0.0.1:8080, MAP example.com 127.0.0.1',
    );
    expect(args).toContain('--no-proxy-server');
  });

  test('an IPv6 address has its brackets, and no redirect port no rule', () => {
    const route = { kind: 'direct', address: '::1', httpsPort: 443, httpPort: null } as const;
    const { args } = planOpen(request('chromium', 'linux', { route, hostnames: ['example.com'] }));
    expect(valueOf(args, '--host-resolver-rules')).toBe(
      'MAP example.com:443 [::1]:443, MAP example.com [::1]',
    );
  });

  test('a snap gets a profile where it may write, and the keys on the command line', () => {
    const plan = planOpen(request('chromium', 'linux', { snap: 'chromium' }));
    expect(valueOf(plan.args, '--user-data-dir')).toBe(
      '/home/me/snap/chromium/common/jwt-dev/shop-1/profile',
    );
    expect(plan.database).toBeNull();
    expect(valueOf(plan.args, '--ignore-certificate-errors-spki-list')).toBeDefined();
  });

  test('root runs it without a sandbox, since it would not start; nobody else does', () => {
    expect(planOpen(request('chromium', 'linux', { isRoot: true })).args).toContain('--no-sandbox');
    expect(planOpen(request('chromium', 'linux')).args).not.toContain('--no-sandbox');
  });
});

describe('Firefox', () => {
  test.each(['linux', 'darwin'] as const)(
    'on %s trusts the CA by the database of its profile',
    (platform) => {
      const plan = planOpen(request('firefox', platform));
      const profile = '/state/shop-1/browser/firefox/profile';
      expect(plan.database).toBe(profile);
      expect(plan.args).toEqual(['--profile', profile, '--new-instance', 'https://example.com']);
      expect(plan.files.map(({ file }) => file)).toEqual([`${profile}/user.js`]);
      expect(plan.env).toEqual({});
    },
  );

  test('on Windows, and for a self-signed certificate, that one certificate is an exception of the profile', () => {
    const trust = { mode: 'self-signed', caFile: '/data/self.pem', chainPem: leaf.cert } as const;
    const route = { kind: 'direct', address: '127.0.0.1', httpsPort: 8443, httpPort: null } as const;
    const onWindows = planOpen(request('firefox', 'win32'));
    const selfSigned = planOpen(request('firefox', 'linux', { trust, route }));
    const { fingerprint256 } = new X509Certificate(leaf.cert);
    expect([onWindows.database, selfSigned.database]).toEqual([null, null]);
    expect(onWindows.files[1]).toEqual({
      file: 'C:\\state\\shop-1\\browser\\firefox\\profile\\cert_override.txt',
      content: ['example.com', 'api.example.com']
        .map((name) => `${name}:443:\tOID.2.16.840.1.101.3.4.2.1\t${fingerprint256}\t\n`)
        .join(''),
    });
    expect(selfSigned.files[1]?.content).toContain(`example.com:8443:\t`);
  });

  test('its preferences are valid, quiet, and lead to the proxy', () => {
    const content = planOpen(request('firefox', 'linux')).files[0]?.content ?? '';
    const preferences = new Map<string, unknown>();
    // The file is JavaScript with one function.
    const user_pref = (name: string, value: unknown): unknown => preferences.set(name, value);
    vm.runInNewContext(content, { user_pref });
    expect(preferences.get('network.proxy.type')).toBe(2);
    expect(preferences.get('network.proxy.autoconfig_url')).toMatch(/^data:/);
    expect(preferences.get('browser.shell.checkDefaultBrowser')).toBe(false);
  });

  test('without a proxy its names are of this machine, before any resolver', () => {
    const route = { kind: 'direct', address: '127.0.0.1', httpsPort: 443, httpPort: 80 } as const;
    const content = planOpen(request('firefox', 'linux', { route })).files[0]?.content;
    expect(content).toContain('user_pref("network.dns.localDomains", "example.com,api.example.com");');
    expect(content).toContain('user_pref("network.proxy.type", 0);');
  });
});

test.each(['chromium', 'firefox'] as const)('arguments of the user come before the URL of %s', (kind) => {
  const { args } = planOpen(request(kind, 'linux', { extraArgs: ['--headless', '--x=y'] }));
  expect(args.slice(-3)).toEqual(['--headless', '--x=y', 'https://example.com']);
});

describe('where browsers are looked for', () => {
  test('on Linux by their names on the PATH', () => {
    const places = browserPlaces('linux', {}, '/home/me');
    expect(places[0]).toEqual({ kind: 'chromium', program: 'chromium' });
    expect(places).toContainEqual({ kind: 'firefox', program: 'firefox-esr' });
  });

  test('on macOS in both folders of applications', () => {
    const programs = browserPlaces('darwin', {}, '/Users/me').map(({ program }) => program);
    expect(programs).toContain('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome');
    expect(programs).toContain('/Users/me/Applications/Firefox.app/Contents/MacOS/firefox');
  });

  test('on Windows below the folders that the system names, and no others', () => {
    const env = { ProgramFiles: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\me\\AppData\\Local' };
    const programs = browserPlaces('win32', env, 'C:\\Users\\me').map(({ program }) => program);
    expect(programs).toContain('C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe');
    expect(programs).toContain('C:\\Users\\me\\AppData\\Local\\Chromium\\Application\\chrome.exe');
    expect(programs.filter((program) => program.includes('(x86)'))).toEqual([]);
  });
});

describe('a URL with a secret', () => {
  const url = 'http://127.0.0.1:5000/?a=1&b="2"#the-secret';

  test.each(['chromium', 'firefox'] as const)('is not in the arguments of %s', (kind) => {
    const plan = planOpen(request(kind, 'linux', { url, hidesUrl: true }));
    expect(plan.args.join(' ')).not.toContain('the-secret');
    expect(plan.args.at(-1)).toBe(`file:///state/shop-1/browser/${kind}/open.html`);
    expect(plan.files.at(-1)).toEqual({
      file: `/state/shop-1/browser/${kind}/open.html`,
      content: expect.stringContaining(
        'content="0; url=http://127.0.0.1:5000/?a=1&amp;b=%222%22#the-secret"',
      ),
    });
  });

  test('on Windows is in a file of the profile too', () => {
    const plan = planOpen(request('chromium', 'win32', { url, hidesUrl: true }));
    expect(plan.args.at(-1)).toBe('file:///C:/state/shop-1/browser/chromium/open.html');
    expect(plan.files.map(({ file }) => file)).toEqual(['C:\\state\\shop-1\\browser\\chromium\\open.html']);
  });
});
