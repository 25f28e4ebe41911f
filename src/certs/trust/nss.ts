import { chown, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { JwtDevError } from '../../errors.ts';
import { certutilHint } from '../../system/certutil-hint.ts';
import { exists, makePrivateDir } from '../../system/files.ts';
import { findProgram } from '../../system/programs.ts';
import { identifyRoot, isOurName } from './root-identity.ts';
import type { FoundRoot, StoreFacts, StoreKind, TrustStore, TrustWorld } from './types.ts';

/** Says that jwt-dev made this database, and how many directories for it: `untrust` takes them away again. */
const MARKER = '.made-by-jwt-dev';
const DATABASE_FILES = ['cert9.db', 'key4.db', 'pkcs11.txt'];

/** A primary password would be asked for on the terminal; an empty password file makes that a failure at once. */
const NO_PASSWORD = ['-f', '/dev/null'];

export interface NssPlace {
  readonly kind: Extract<StoreKind, 'chromium' | 'firefox'>;
  readonly label: string;
  /** The directory of the database, which may not exist yet. */
  readonly dir: string;
}

/** One NSS database, through NSS's own `certutil`: the store of Chromium on Linux and of each Firefox profile. */
export function nssStore(world: TrustWorld, { kind, label, dir }: NssPlace): TrustStore {
  const database = ['-d', `sql:${dir}`];
  const step = (args: readonly string[]) => ({
    file: 'certutil',
    args: [...args.slice(0, 1), ...database, ...args.slice(1)],
    unattended: NO_PASSWORD,
  });
  return {
    id: `${kind}:${dir}`,
    kind,
    label,
    location: dir,
    privileged: false,
    facts: () => nssFacts(world, dir, database),
    // `C`: trusted as a CA for TLS servers; not for mail, not for code.
    installSteps: (root) => [step(['-A', '-n', root.name, '-t', 'C,,', '-i', root.file])],
    removeSteps: ({ storedAs }) => [step(['-D', '-n', storedAs])],
    prepare: () => createDatabase(world, dir, database),
    tidy: () => removeEmptyDatabase(world, dir, database),
  };
}

async function nssFacts(world: TrustWorld, dir: string, database: readonly string[]): Promise<StoreFacts> {
  if ((await findProgram('certutil', world)) === undefined) {
    return { state: 'unusable', why: 'certutil is not installed', hint: await certutilHint(world) };
  }
  // Asked for a database that is not there, certutil may begin one.
  if (!(await hasDatabase(dir))) return { state: 'usable', ours: [] };
  const listing = await world.run('certutil', ['-L', ...database]);
  if (listing.exitCode !== 0) {
    return { state: 'unusable', why: `certutil cannot read it: ${listing.stderr.trim()}`, hint: null };
  }
  const ours: FoundRoot[] = [];
  for (const { nickname, flags } of parseListing(listing.stdout)) {
    if (!isOurName(nickname)) continue;
    const { stdout } = await world.run('certutil', ['-L', ...database, '-n', nickname, '-a']);
    const root = identifyRoot(stdout);
    if (root === undefined) continue;
    ours.push({ ...root, storedAs: nickname, trusted: (flags.split(',')[0] ?? '').includes('C') });
  }
  return { state: 'usable', ours };
}

/** The table of `certutil -L`: a nickname, which may hold spaces, and three groups of trust flags. */
function parseListing(text: string): readonly { nickname: string; flags: string }[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(?<nickname>\S.*?)\s+(?<flags>[a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]*)\s*$/.exec(line);
    const { nickname, flags } = match?.groups ?? {};
    return nickname === undefined || flags === undefined ? [] : [{ nickname, flags }];
  });
}

async function createDatabase(world: TrustWorld, dir: string, database: readonly string[]): Promise<void> {
  if (await hasDatabase(dir)) return;
  const missing = await countMissing(dir);
  await makePrivateDir(dir, world.owner);
  await writeFile(path.join(dir, MARKER), String(missing), { mode: 0o600 });
  const made = await world.run('certutil', ['-N', ...database, '--empty-password']);
  if (made.exitCode !== 0) {
    await removeDatabaseFiles(dir);
    throw new JwtDevError(
      'ERR_TRUST_FAILED',
      `certutil could not make a database in ${dir}: ${made.stderr.trim()}`,
    );
  }
  const { owner } = world;
  if (owner === null) return;
  await Promise.all(
    [...DATABASE_FILES, MARKER].map((name) => chown(path.join(dir, name), owner.uid, owner.gid)),
  );
}

/** Only a database that we made and that holds nothing any more. One that others have begun to use is theirs. */
async function removeEmptyDatabase(
  world: TrustWorld,
  dir: string,
  database: readonly string[],
): Promise<void> {
  if (!(await exists(path.join(dir, MARKER)))) return;
  const certificates = await world.run('certutil', ['-L', ...database]);
  const keys = await world.run('certutil', ['-K', ...database, ...NO_PASSWORD]);
  if (certificates.exitCode !== 0) return;
  const nicknames = parseListing(certificates.stdout).map(({ nickname }) => nickname);
  // certutil says "no keys found" with exit code 255: only a list of keys is one of exit code 0.
  if (keys.exitCode === 0 || !nicknames.every(isOurName)) await rm(path.join(dir, MARKER), { force: true });
  else if (nicknames.length === 0) await removeDatabaseFiles(dir);
}

/** Removes the files of a database that we made, then the directories that were made for it, while they are empty. */
async function removeDatabaseFiles(dir: string): Promise<void> {
  const madeDirectories = Number(await readFile(path.join(dir, MARKER), 'utf8'));
  for (const name of [...DATABASE_FILES, MARKER]) await rm(path.join(dir, name), { force: true });
  let current = dir;
  for (let left = madeDirectories; left > 0 && (await readdir(current)).length === 0; left -= 1) {
    await rmdir(current);
    current = path.dirname(current);
  }
}

async function hasDatabase(dir: string): Promise<boolean> {
  return exists(path.join(dir, 'cert9.db'));
}

/** How many directories of the path `dir` do not exist yet. */
async function countMissing(dir: string): Promise<number> {
  let missing = 0;
  for (let current = dir; !(await exists(current)); current = path.dirname(current)) missing += 1;
  return missing;
}
