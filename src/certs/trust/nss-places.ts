import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../errors.ts';
import { exists } from '../../system/files.ts';
import { findProgram } from '../../system/programs.ts';
import type { NssPlace } from './nss.ts';
import type { TrustWorld } from './types.ts';

const CHROMIUM_PROGRAMS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'brave-browser',
  'microsoft-edge',
  'vivaldi',
  'opera',
];
const CHROMIUM_SNAPS = ['chromium', 'brave', 'opera', 'vivaldi'];
const CHROMIUM_FLATPAKS = [
  'org.chromium.Chromium',
  'com.google.Chrome',
  'com.brave.Browser',
  'com.microsoft.Edge',
  'com.vivaldi.Vivaldi',
];

/** Every NSS database that a browser of this user reads, and those that one would read but nobody made yet. */
export async function findNssPlaces(world: TrustWorld): Promise<readonly NssPlace[]> {
  if (world.platform === 'win32') return [];
  // On macOS Chromium reads the keychain; Firefox does too (since 120), but an old profile may have it switched off.
  const chromium = world.platform === 'darwin' ? [] : await chromiumPlaces(world);
  return [...chromium, ...(await firefoxPlaces(world))];
}

async function chromiumPlaces(world: TrustWorld): Promise<readonly NssPlace[]> {
  const { homeDir, env } = world;
  const data = absolute(env['XDG_DATA_HOME']) ?? path.join(homeDir, '.local', 'share');
  const places = [...(await homePlaces('Chromium', homeDir, data, () => hasChromium(world)))];
  for (const name of CHROMIUM_SNAPS) {
    const home = path.join(homeDir, 'snap', name, 'current');
    places.push(
      ...(await homePlaces(`Chromium (snap ${name})`, home, path.join(home, '.local', 'share'), () =>
        exists(home),
      )),
    );
  }
  for (const name of CHROMIUM_FLATPAKS) {
    const home = path.join(homeDir, '.var', 'app', name);
    places.push(
      ...(await homePlaces(`Chromium (flatpak ${name})`, home, path.join(home, 'data'), () => exists(home))),
    );
  }
  return places;
}

/**
 * The old place and the one of Chromium 146 and later, which is only used where the old one is missing.
 * So each that exists counts, and where none does the old one is made: every version reads it. Made beside an
 * existing new one it would hide what is in there.
 */
async function homePlaces(
  label: string,
  home: string,
  data: string,
  isUsed: () => Promise<boolean>,
): Promise<readonly NssPlace[]> {
  const place = (dir: string): NssPlace => ({ kind: 'chromium', label, dir });
  const old = path.join(home, '.pki', 'nssdb');
  const recent = path.join(data, 'pki', 'nssdb');
  const found = await keepExisting([old, recent]);
  if (found.length > 0) return found.map(place);
  return (await isUsed()) ? [place(old)] : [];
}

async function hasChromium(world: TrustWorld): Promise<boolean> {
  for (const name of CHROMIUM_PROGRAMS) {
    if ((await findProgram(name, world)) !== undefined) return true;
  }
  // Browsers that Playwright and Puppeteer downloaded.
  return (
    (
      await keepExisting([
        path.join(world.homeDir, '.cache', 'ms-playwright'),
        path.join(world.homeDir, '.cache', 'puppeteer'),
      ])
    ).length > 0
  );
}

async function firefoxPlaces({ platform, homeDir, env }: TrustWorld): Promise<readonly NssPlace[]> {
  const config = absolute(env['XDG_CONFIG_HOME']) ?? path.join(homeDir, '.config');
  const flatpak = path.join(homeDir, '.var', 'app', 'org.mozilla.firefox');
  const snap = path.join(homeDir, 'snap', 'firefox', 'common');
  const roots: readonly (readonly [string, string])[] =
    platform === 'darwin'
      ? [['Firefox', path.join(homeDir, 'Library', 'Application Support', 'Firefox', 'Profiles')]]
      : [
          ['Firefox', path.join(homeDir, '.mozilla', 'firefox')],
          ['Firefox', path.join(config, 'mozilla', 'firefox')],
          ['Firefox (snap)', path.join(snap, '.mozilla', 'firefox')],
          ['Firefox (snap)', path.join(snap, '.config', 'mozilla', 'firefox')],
          ['Firefox (flatpak)', path.join(flatpak, '.mozilla', 'firefox')],
          ['Firefox (flatpak)', path.join(flatpak, 'config', 'mozilla', 'firefox')],
        ];
  const places: NssPlace[] = [];
  for (const [label, root] of roots) {
    for (const dir of await profilesIn(root)) {
      places.push({ kind: 'firefox', label: `${label} profile ${path.basename(dir)}`, dir });
    }
  }
  return places;
}

/** Profiles are the directories with a certificate database, or with what Firefox writes on the first start. */
async function profilesIn(root: string): Promise<readonly string[]> {
  const profiles: string[] = [];
  for (const name of (await namesIn(root)).toSorted()) {
    const dir = path.join(root, name);
    const marks = ['cert9.db', 'prefs.js', 'times.json'].map((file) => path.join(dir, file));
    if ((await keepExisting(marks)).length > 0) profiles.push(dir);
  }
  return profiles;
}

async function keepExisting(files: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const file of files) if (await exists(file)) found.push(file);
  return found;
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** The XDG specification has relative values ignored. */
function absolute(value: string | undefined): string | undefined {
  return value !== undefined && path.isAbsolute(value) ? value : undefined;
}
