import type { Command } from 'commander';
import { type ActionRunner, examples } from './command.ts';

export interface UserAddOptions {
  readonly email?: string;
  readonly password?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly inactive?: boolean;
}

/** `jwt-dev users` and its verbs. They work on the project's store, beside a running environment too. */
export function registerUsers(program: Command, act: ActionRunner): void {
  const users = program
    .command('users')
    .description('list, add, change and import the users of the auth API')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev users', 'lists them'],
        ['jwt-dev users add carol --email carol@example.com', 'prints the password it made'],
        ['jwt-dev users passwd carol --password secret', 'sets a password'],
        ['jwt-dev users deactivate carol', 'carol may not log in any more'],
        ['jwt-dev users import dump.json', 'from: manage.py dumpdata auth.user account.emailaddress'],
      ]),
    )
    .action(() =>
      act(async (context, loadConfig) => (await actHalf()).listUsers(context, await loadConfig())),
    );
  users
    .command('list')
    .description('list the users')
    .action(() =>
      act(async (context, loadConfig) => (await actHalf()).listUsers(context, await loadConfig())),
    );
  users
    .command('add <username>')
    .description('add a user')
    .option('--email <address>', 'counts as verified')
    .option('--password <password>', 'without it one is made and printed')
    .option('--first-name <name>')
    .option('--last-name <name>')
    .option('--inactive', 'the user may not log in')
    .action((username: string, options: UserAddOptions) =>
      act(async (context, loadConfig) =>
        (await actHalf()).addOne(username, options, context, await loadConfig()),
      ),
    );
  users
    .command('remove <user>')
    .description('remove a user, named by user name, id or e-mail address')
    .action((which: string) =>
      act(async (context, loadConfig) => (await actHalf()).removeOne(which, context, await loadConfig())),
    );
  users
    .command('passwd <user>')
    .description('set the password of a user')
    .option('--password <password>', 'without it one is made and printed')
    .action((which: string, options: Pick<UserAddOptions, 'password'>) =>
      act(async (context, loadConfig) =>
        (await actHalf()).setPassword(which, options.password, context, await loadConfig()),
      ),
    );
  for (const [verb, isActive, effect] of [
    ['activate', true, 'let a user log in again'],
    ['deactivate', false, 'keep a user from logging in and refreshing'],
  ] as const) {
    users
      .command(`${verb} <user>`)
      .description(effect)
      .action((which: string) =>
        act(async (context, loadConfig) =>
          (await actHalf()).setActive(which, isActive, context, await loadConfig()),
        ),
      );
  }
  users
    .command('import <file>')
    .description('add the users of a Django dump, with their ids and passwords')
    .action((file: string) =>
      act(async (context, loadConfig) => (await actHalf()).importFile(file, context, await loadConfig())),
    );
}

/** What the verbs do is loaded when one of them runs. */
const actHalf = () => import('./users-act.ts');
