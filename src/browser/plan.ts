import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { leafFingerprint, spkiHashes } from './certificates.ts';
import { firefoxPreferences, pacUrl } from './firefox-preferences.ts';
import type { BrowserRoute, BrowserTrust, InstalledBrowser } from './types.ts';

export interface OpenRequest {
  readonly browser: InstalledBrowser;
  /** Our names. */
  readonly hostnames: readonly string[];
  readonly route: BrowserRoute;
  readonly trust: BrowserTrust;
  readonly url: string;
  /** The URL holds a secret: the list of processes, which everybody on the machine can read, must not. */
  readonly hidesUrl?: boolean;
  /** Arguments of the user's, for the browser. */
  readonly extraArgs: readonly string[];
  /** This project's state directory, absolute. */
  readonly stateDir: string;
  readonly homeDir: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
}

export interface OpenPlan {
  readonly file: string;
  readonly args: readonly string[];
  /** What differs from our own environment; undefined: taken out. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Private directories that have to be there. */
  readonly directories: readonly string[];
  /** The NSS database that is to trust the CA, or null: trust is in the arguments. */
  readonly database: string | null;
  readonly files: readonly { readonly file: string; readonly content: string }[];
  /** Where the browser's own messages go. */
  readonly logFile: string;
}

/** Everything that opening a browser takes, decided. Pure. */
export function planOpen(request: OpenRequest): OpenPlan {
  const { browser, hidesUrl, url, platform } = request;
  const plan = browser.kind === 'firefox' ? planFirefox : planChromium;
  if (hidesUrl !== true) return plan(request);
  const at = platform === 'win32' ? path.win32 : path.posix;
  const file = at.join(profileBase(request), 'open.html');
  const planned = plan({ ...request, url: pathToFileURL(file, { windows: platform === 'win32' }).href });
  return { ...planned, files: [...planned.files, { file, content: leadTo(url) }] };
}

/** A page that leads on to another one. */
function leadTo(url: string): string {
  const target = new URL(url).href.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${target}"><title>jwt-dev</title>\n`;
}

/** One profile per project and browser, where the browser may write: a snap sees only its own part of the home. */
function profileBase({ browser, stateDir, homeDir, platform }: OpenRequest): string {
  const at = platform === 'win32' ? path.win32 : path.posix;
  return browser.snap === null
    ? at.join(stateDir, 'browser', browser.kind)
    : at.join(homeDir, 'snap', browser.snap, 'common', 'jwt-dev', at.basename(stateDir));
}

/**
 * Chromium has no store of trusted CAs in a profile. On Linux it reads the NSS database of the home, so it gets a home
 * of its own; a snap's home is given, and macOS and Windows ask the system, so there the keys of our chain are named
 * on the command line, which counts for this profile only.
 */
function planChromium(request: OpenRequest): OpenPlan {
  const { browser, platform, trust, extraArgs, url, isRoot } = request;
  const base = profileBase(request);
  const at = platform === 'win32' ? path.win32 : path.posix;
  const profile = at.join(base, 'profile');
  const home = at.join(base, 'home');
  const byDatabase = platform === 'linux' && browser.snap === null && trust.mode === 'ca';
  return {
    file: browser.file,
    args: [
      `--user-data-dir=${profile}`,
      ...chromiumRoute(request),
      ...(byDatabase
        ? []
        : [`--ignore-certificate-errors-spki-list=${spkiHashes(trust.chainPem).join(',')}`]),
      '--no-first-run',
      '--no-default-browser-check',
      '--disable-sync',
      '--disable-background-networking',
      '--disable-component-update',
      // Neither a keyring nor a keychain is asked for: there is nothing in this profile that it would keep.
      ...(platform === 'darwin' ? ['--use-mock-keychain'] : []),
      ...(platform === 'linux' ? ['--password-store=basic'] : []),
      ...(isRoot && platform === 'linux' ? ['--no-sandbox'] : []),
      ...extraArgs,
      url,
    ],
    env: byDatabase ? homeEnv(request, home) : {},
    directories: byDatabase ? [profile, home] : [profile],
    // Chromium 146 and later would look at .local/share/pki too, but only where this one is missing.
    database: byDatabase ? at.join(home, '.pki', 'nssdb') : null,
    files: [],
    logFile: at.join(base, 'browser.log'),
  };
}

function chromiumRoute({ route, hostnames }: OpenRequest): readonly string[] {
  if (route.kind === 'pac') return [`--proxy-pac-url=${pacUrl(route.source)}`];
  if (route.kind === 'system') return [];
  const address = route.address.includes(':') ? `[${route.address}]` : route.address;
  const rules = hostnames.flatMap((name) => [
    `MAP ${name}:443 ${address}:${route.httpsPort}`,
    ...(route.httpPort === null ? [] : [`MAP ${name}:80 ${address}:${route.httpPort}`]),
    `MAP ${name} ${address}`,
  ]);
  return [`--host-resolver-rules=${rules.join(', ')}`, '--no-proxy-server'];
}

/** What X11 keeps in the home has to be named, once the home is another one. */
function homeEnv({ env, homeDir }: OpenRequest, home: string): OpenPlan['env'] {
  return {
    HOME: home,
    XDG_DATA_HOME: undefined,
    XDG_CONFIG_HOME: undefined,
    XDG_CACHE_HOME: undefined,
    XAUTHORITY: env['XAUTHORITY'] ?? path.posix.join(homeDir, '.Xauthority'),
  };
}

/**
 * Firefox keeps its trusted CAs in the profile, in an NSS database. It trusts no certificate there that is no CA's, and
 * on Windows there is no `certutil` of NSS's to write it (that of Windows is another program): then the one certificate
 * is made an exception of this profile.
 */
function planFirefox(request: OpenRequest): OpenPlan {
  const { browser, platform, trust, route, hostnames, extraArgs, url } = request;
  const base = profileBase(request);
  const at = platform === 'win32' ? path.win32 : path.posix;
  const profile = at.join(base, 'profile');
  const byDatabase = platform !== 'win32' && trust.mode === 'ca';
  return {
    file: browser.file,
    args: ['--profile', profile, '--new-instance', ...extraArgs, url],
    env: {},
    directories: [profile],
    database: byDatabase ? profile : null,
    files: [
      { file: at.join(profile, 'user.js'), content: firefoxPreferences(route, hostnames) },
      ...(byDatabase ? [] : [{ file: at.join(profile, 'cert_override.txt'), content: exceptions(request) }]),
    ],
    logFile: at.join(base, 'browser.log'),
  };
}

/** Host and port, the OID of SHA-256, the fingerprint; as nsCertOverrideService of Firefox writes it. */
function exceptions({ hostnames, route, trust }: OpenRequest): string {
  const port = route.kind === 'pac' ? 443 : route.httpsPort;
  const fingerprint = leafFingerprint(trust.chainPem);
  return hostnames.map((name) => `${name}:${port}:\tOID.2.16.840.1.101.3.4.2.1\t${fingerprint}\t\n`).join('');
}
