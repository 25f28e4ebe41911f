import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { findBrowser } from '../../../browser/find-browser.ts';
import { trustInDatabase } from '../../../browser/nss-database.ts';
import { type OpenPlan, planOpen } from '../../../browser/plan.ts';
import type { BrowserRoute, BrowserTrust, InstalledBrowser } from '../../../browser/types.ts';
import { findNssPlaces } from '../../../certs/trust/nss-places.ts';
import { errnoOf, JwtDevError } from '../../../errors.ts';
import { pacSource } from '../../../rootless/pac.ts';
import { exists, makePrivateDir, readFileIfPresent, writeFileAtomic } from '../../../system/files.ts';
import { acquireLock } from '../../../system/lock.ts';
import type { ClientId, FoundClient, VerifyTarget, VerifyWorld } from '../types.ts';
import { readChain } from './served-chain.ts';

export interface Profile {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where the browser keeps cookies and storage. */
  readonly dir: string;
  readonly release: () => Promise<void>;
}

/** An installed browser of that family. */
export async function findInstalled(
  kind: ClientId & ('chromium' | 'firefox'),
  world: VerifyWorld,
  { systemTrust }: Pick<VerifyTarget, 'systemTrust'>,
): Promise<FoundClient> {
  try {
    const { file } = await findBrowser(kind, world);
    if (kind === 'firefox' && systemTrust && (await firefoxDatabase(world)) === undefined) {
      return { program: null, why: 'none of its profiles has a certificate database yet' };
    }
    return { program: file };
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_BROWSER') throw error;
    return { program: null, why: 'it is not installed' };
  }
}

/**
 * A private profile, prepared as `open` does it. It is kept between runs, since a browser's first start takes longer; where
 * another verify uses it, a new one is made that goes with this run.
 * @param extra arguments ahead of the page.
 * @throws JwtDevError ERR_BROWSER, ERR_FILE_WRITE
 */
export async function prepareProfile(
  program: string,
  {
    target,
    extra,
    preferences = '',
  }: {
    readonly target: VerifyTarget;
    readonly extra: readonly string[];
    /** More lines for Firefox's user.js. */
    readonly preferences?: string;
  },
  world: VerifyWorld,
): Promise<Profile> {
  const browser = await findBrowser(program, world);
  const { base, release } = await takePlace(browser, target, world);
  try {
    const plan = planOpen({
      browser,
      hostnames: target.facts.hostnames,
      route: routeOf(target),
      trust: await trustOf(browser, target, world),
      url: NO_PAGE,
      extraArgs: extra,
      stateDir: base,
      homeDir: world.homeDir,
      platform: world.platform,
      env: world.env,
      isRoot: world.isRoot,
    });
    for (const dir of plan.directories) await makePrivateDir(dir, world.owner);
    const [dir = base] = plan.directories;
    if (target.systemTrust) await copyFirefoxTrust(browser, dir, world);
    else if (plan.database !== null) await trustOnce(plan.database, target, world);
    for (const { file, content } of plan.files) {
      const isOurs = file.endsWith('user.js') || !target.systemTrust;
      const all = file.endsWith('user.js') ? `${content}${preferences}` : content;
      if (isOurs) await writeIfChanged(file, all, world);
    }
    const home = path.join(path.dirname(dir), 'home');
    await makePrivateDir(home, world.owner);
    const env = envOf(plan, browser, home, target);
    return { file: plan.file, args: argsOf(plan, target), env, dir, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The kept place, or one of this run's own. */
async function takePlace(
  { kind }: InstalledBrowser,
  { keptDir, systemTrust }: VerifyTarget,
  { pid, owner }: VerifyWorld,
): Promise<{ readonly base: string; readonly release: () => Promise<void> }> {
  const kept = path.join(keptDir, systemTrust ? 'system' : 'own');
  await makePrivateDir(kept, owner);
  try {
    const lock = await acquireLock(path.join(kept, `${kind}.lock`), {
      pid,
      timeoutMs: 0,
      busy: () => new Busy(),
    });
    return { base: kept, release: lock.release };
  } catch (error) {
    if (!(error instanceof Busy)) throw error;
    const base = await mkdtemp(path.join(keptDir, `${kind}-`));
    return { base, release: () => rm(base, { recursive: true, force: true, maxRetries: 5 }) };
  }
}

class Busy extends Error {}

function routeOf({ facts }: VerifyTarget): BrowserRoute {
  return facts.proxy === null
    ? { kind: 'system', httpsPort: facts.httpsPort }
    : { kind: 'pac', source: pacSource(facts.hostnames, new URL(facts.proxy).host) };
}

async function trustOf(
  { snap, kind }: InstalledBrowser,
  { facts, systemTrust }: VerifyTarget,
  world: VerifyWorld,
): Promise<BrowserTrust> {
  const { mode } = world.config.tls;
  const byDatabase =
    mode === 'ca' &&
    (kind === 'firefox' ? world.platform !== 'win32' : world.platform === 'linux' && snap === null);
  // The certificate itself is looked at only where a browser has to be told its key.
  const chainPem = byDatabase || systemTrust ? '' : await readChain(facts);
  return { mode: systemTrust ? 'ca' : mode, caFile: facts.caFile, chainPem };
}

/** certutil takes a moment, and what it has written stays. */
async function trustOnce(database: string, { facts }: VerifyTarget, world: VerifyWorld): Promise<void> {
  const mark = path.join(database, 'jwt-dev-trusts');
  const ca = (await readFileIfPresent(facts.caFile)) ?? '';
  const hash = createHash('sha256').update(ca).digest('hex');
  if ((await readFileIfPresent(mark))?.toString() === hash) return;
  await trustInDatabase(database, facts, world);
  await writeFileAtomic(mark, hash, { mode: 0o600, owner: world.owner });
}

/** The user's own profile may be in use, so a copy of its certificates is asked; keys and all, hence the private directory. */
async function copyFirefoxTrust({ kind }: InstalledBrowser, dir: string, world: VerifyWorld): Promise<void> {
  if (kind !== 'firefox') return;
  const database = await firefoxDatabase(world);
  for (const name of ['cert9.db', 'key4.db', 'pkcs11.txt']) {
    if (database === undefined) break;
    try {
      await copyFile(path.join(database, name), path.join(dir, name));
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}

async function firefoxDatabase(world: VerifyWorld): Promise<string | undefined> {
  for (const { kind, dir } of await findNssPlaces({ ...world, root: '/' })) {
    if (kind === 'firefox' && (await exists(path.join(dir, 'cert9.db')))) return dir;
  }
  return undefined;
}

async function writeIfChanged(file: string, content: string, { owner }: VerifyWorld): Promise<void> {
  if ((await readFileIfPresent(file))?.toString() === content) return;
  await writeFileAtomic(file, content, { mode: 0o600, owner });
}

/** Which page it is stands in no argument: whoever reads the address of a run first gets its password. */
const NO_PAGE = 'about:blank';

function argsOf({ args }: OpenPlan, { systemTrust }: VerifyTarget): readonly string[] {
  const ours = args.filter((arg) => arg !== NO_PAGE);
  return systemTrust ? ours.filter((arg) => !arg.startsWith('--ignore-certificate-errors')) : ours;
}

/**
 * What a browser writes beside its profile (lists of profiles, crash reports, ~/Downloads) goes into a home of its own.
 * Chromium's trust is in its home: that of this profile, or, where the system's counts, the user's own. A snap's home is given.
 */
function envOf(
  plan: OpenPlan,
  { kind, snap }: InstalledBrowser,
  home: string,
  { env, systemTrust }: VerifyTarget,
): Readonly<Record<string, string>> {
  const aside = { XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
  const ofFirefox = { ...aside, HOME: home, XDG_DATA_HOME: undefined };
  const ownHome = snap !== null ? {} : kind === 'firefox' ? ofFirefox : systemTrust ? aside : {};
  const own = { ...(systemTrust ? {} : plan.env), ...ownHome };
  const merged = { ...env, ...own, NODE_OPTIONS: undefined, MOZ_CRASHREPORTER_DISABLE: '1' };
  return Object.fromEntries(
    Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
