import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDjangoDump } from '../auth/administration/django-dump.ts';
import { type Administration, withAdministration } from '../auth/administration/open.ts';
import { addUser, findUser, importUsers } from '../auth/administration/users.ts';
import type { User } from '../auth/store/types.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError, messageOf } from '../errors.ts';
import { formatTable } from './table.ts';
import type { UserAddOptions } from './users.ts';

type World = Pick<Context, 'cwd' | 'owner' | 'output' | 'now'>;

export async function listUsers(world: World, config: Config): Promise<number> {
  const users = await administer(world, config, ({ store }) => store.listUsers());
  world.output.result(users.map(describeUser), formatUsers(users));
  return EXIT.done;
}

export async function addOne(
  username: string,
  options: UserAddOptions,
  world: World,
  config: Config,
): Promise<number> {
  const password = options.password ?? makePassword();
  const user = await administer(world, config, (administration) =>
    addUser(
      {
        username,
        password,
        email: options.email ?? '',
        firstName: options.firstName ?? '',
        lastName: options.lastName ?? '',
        isActive: options.inactive !== true,
      },
      { ...administration, now: world.now },
    ),
  );
  tell(
    `Added ${user.username} (id ${user.id})`,
    user,
    options.password === undefined ? password : undefined,
    world,
  );
  return EXIT.done;
}

export async function removeOne(which: string, world: World, config: Config): Promise<number> {
  const user = await administer(world, config, async ({ store }) => {
    const found = await findUser(store, which);
    await store.removeUser(found.id);
    return found;
  });
  tell(`Removed ${user.username} (id ${user.id})`, user, undefined, world);
  return EXIT.done;
}

export async function setPassword(
  which: string,
  given: string | undefined,
  world: World,
  config: Config,
): Promise<number> {
  const password = given ?? makePassword();
  const user = await administer(world, config, async ({ store, passwords }) => {
    const found = await findUser(store, which);
    await store.changeUser(found.id, { passwordHash: await passwords.hash(password) });
    return found;
  });
  tell(`Set the password of ${user.username}`, user, given === undefined ? password : undefined, world);
  return EXIT.done;
}

export async function setActive(
  which: string,
  isActive: boolean,
  world: World,
  config: Config,
): Promise<number> {
  const user = await administer(world, config, async ({ store }) => {
    const found = await findUser(store, which);
    return (await store.changeUser(found.id, { isActive })) ?? found;
  });
  tell(`${user.username} may ${isActive ? '' : 'not '}log in`, user, undefined, world);
  return EXIT.done;
}

export async function importFile(file: string, world: World, config: Config): Promise<number> {
  const dump = parseDjangoDump(await readDump(path.resolve(world.cwd, file)), world.now().getTime());
  const { added, skipped, renumbered } = await administer(world, config, ({ store }) =>
    importUsers(store, dump),
  );
  const lines = [
    `Imported ${added.length} of ${dump.length} users`,
    ...(skipped.length === 0 ? [] : [`Skipped, they exist already: ${skipped.join(', ')}`]),
    ...renumbered.map(({ username, from, to }) => `${username} has the id ${to}: ${from} is taken`),
  ];
  world.output.result({ added: added.map(describeUser), skipped, renumbered }, lines.join('\n'));
  return EXIT.done;
}

function administer<Result>(
  world: World,
  config: Config,
  work: (administration: Administration) => Promise<Result>,
): Promise<Result> {
  return withAdministration({ store: config.auth.store, owner: world.owner }, work);
}

async function readDump(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new JwtDevError('ERR_FILE_READ', `Cannot read ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** 96 random bits: nobody is meant to remember it. */
function makePassword(): string {
  return randomBytes(12).toString('base64url');
}

/** `password`: one that was made here, and that is told this once. */
function tell(text: string, user: User, password: string | undefined, { output }: World): void {
  const shown = password === undefined ? text : `${text}, password ${password}`;
  output.result({ ...describeUser(user), ...(password === undefined ? {} : { password }) }, shown);
}

function describeUser(user: User): object {
  return {
    id: user.id,
    username: user.username,
    email: user.email,
    emailVerified: user.emailVerified,
    active: user.isActive,
    firstName: user.firstName,
    lastName: user.lastName,
    joined: new Date(user.joinedAt).toISOString(),
    lastLogin: user.lastLoginAt === null ? null : new Date(user.lastLoginAt).toISOString(),
  };
}

function formatUsers(users: readonly User[]): string {
  if (users.length === 0) return 'No users. Add one with: jwt-dev users add NAME';
  const rows = [
    ['id', 'username', 'e-mail', 'state'],
    ...users.map((user) => [
      String(user.id),
      user.username,
      user.email === '' || user.emailVerified ? user.email : `${user.email} (not verified)`,
      user.isActive ? 'active' : 'inactive',
    ]),
  ];
  return formatTable(rows);
}
