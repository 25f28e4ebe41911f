import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { errnoOf } from '../../errors.ts';
import { exists } from '../../system/files.ts';
import { findProgram } from '../../system/programs.ts';
import { findNssPlaces } from '../trust/nss-places.ts';
import {
  CLIENT_TIMEOUT_MS,
  type ClientProgram,
  definedEnv,
  type VerifyClient,
  type VerifyWorld,
} from './client.ts';

const CHROMIUM_PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const FIREFOX_PROGRAMS = ['firefox', 'firefox-esr'];

/** Chromium with a new profile: its trust comes from the user's NSS database, which is not part of a profile. */
export const chromium: VerifyClient = {
  id: 'chromium',
  label: 'Chromium',
  find: (world) => firstProgram(CHROMIUM_PROGRAMS, world),
  connect: async (program, { hostname, url, scratchDir }, world) =>
    world.run(
      program,
      [
        '--headless',
        '--dump-dom',
        `--user-data-dir=${path.join(scratchDir, 'chromium')}`,
        `--host-resolver-rules=MAP ${hostname} 127.0.0.1`,
        '--no-proxy-server',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-gpu',
        '--disable-quic',
        ...(world.isRoot ? ['--no-sandbox'] : []),
        url,
      ],
      {
        timeoutMs: CLIENT_TIMEOUT_MS,
        env: definedEnv(world.env, {
          HOME: world.homeDir,
          // What it writes beside its profile goes with the profile.
          XDG_CONFIG_HOME: scratchDir,
          XDG_CACHE_HOME: scratchDir,
        }),
      },
    ),
};

/**
 * Firefox with a new profile that holds copies of the user's certificate database: the user's own profile may be in
 * use. The copy carries whatever keys are in there, hence a private directory that is deleted at once.
 */
export const firefox: VerifyClient = {
  id: 'firefox',
  label: 'Firefox',
  find: async (world) => {
    const found = await firstProgram(FIREFOX_PROGRAMS, world);
    if (found.program === null) return found;
    return (await firefoxDatabase(world)) === undefined
      ? { program: null, why: 'none of its profiles has a certificate database yet' }
      : found;
  },
  connect: async (program, { hostname, url, scratchDir }, world) => {
    const profile = path.join(scratchDir, 'firefox');
    await mkdir(profile, { mode: 0o700 });
    const database = await firefoxDatabase(world);
    for (const name of ['cert9.db', 'key4.db', 'pkcs11.txt']) {
      if (database !== undefined) await copyIfPresent(path.join(database, name), path.join(profile, name));
    }
    await writeFile(path.join(profile, 'user.js'), preferences(hostname));
    // Asked for a page with a bad certificate, Firefox shows its error page and stays; a page with a bad image ends.
    const page = path.join(scratchDir, 'page.html');
    await writeFile(page, `<!doctype html><img src="${url}" alt="">`);
    const screenshot = ['--screenshot', path.join(scratchDir, 'page.png'), pathToFileURL(page).href];
    return world.run(
      program,
      ['--headless', '--no-remote', '--profile', profile, ...screenshot],
      // A home of its own keeps Firefox from touching the user's list of profiles.
      { timeoutMs: CLIENT_TIMEOUT_MS, env: definedEnv(world.env, { HOME: scratchDir, MOZ_HEADLESS: '1' }) },
    );
  },
};

async function firefoxDatabase(world: VerifyWorld): Promise<string | undefined> {
  for (const { kind, dir } of await findNssPlaces(world)) {
    if (kind === 'firefox' && (await exists(path.join(dir, 'cert9.db')))) return dir;
  }
  return undefined;
}

/** The name is found on loopback, and nothing is fetched but the page. */
function preferences(hostname: string): string {
  const values: Readonly<Record<string, string | number | boolean>> = {
    'network.dns.localDomains': hostname,
    'network.proxy.type': 0,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'browser.safebrowsing.downloads.enabled': false,
    'browser.shell.checkDefaultBrowser': false,
    'app.update.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'toolkit.telemetry.enabled': false,
    'browser.aboutwelcome.enabled': false,
  };
  return Object.entries(values)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}

async function firstProgram(names: readonly string[], world: VerifyWorld): Promise<ClientProgram> {
  for (const name of names) {
    const program = await findProgram(name, world);
    if (program !== undefined) return { program, condition: null };
  }
  return { program: null, why: 'it is not installed' };
}

async function copyIfPresent(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}
