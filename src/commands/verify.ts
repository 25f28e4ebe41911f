import type { Command } from 'commander';
import { CLIENT_IDS } from '../environment/verify/types.ts';
import { type ActionRunner, examples } from './command.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';

export interface VerifyOptions extends InstanceOptions {
  readonly client?: readonly string[];
  readonly login?: string;
  readonly systemTrust?: boolean;
}

export function registerVerify(program: Command, act: ActionRunner): void {
  program
    .command('verify')
    .description('log in and out with every client there is: browsers, Node, Python, curl, Java')
    .addOption(
      program
        .createOption('--client <names>', 'only these, with commas between them; may be repeated')
        .choices(CLIENT_IDS)
        // Several in one word; a name that is none is told with the nearest that is.
        .argParser((names: string, before: readonly string[] | undefined) => [...(before ?? []), names]),
    )
    .option('--login <user:password>', 'an account of your backend (default: the first user, or a new one)')
    .option('--system-trust', 'give the clients no CA: only what this machine trusts counts')
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .addHelpText(
      'before',
      examples([
        ['jwt-dev verify', 'login, reload, refresh and logout in each client; exit 3 if one fails'],
        ['jwt-dev verify --client chromium,firefox', 'the browsers only'],
        ['jwt-dev verify --login alice:secret', 'as a user of your own backend'],
        ['jwt-dev verify --system-trust', 'does this machine trust the CA?'],
        ['jwt-dev verify --json', 'for CI: one object with clients and findings'],
      ]),
    )
    .action((options: VerifyOptions) =>
      act(async (context, loadConfig) => {
        const { parseClients, verifyInstance } = await import('./verify-act.ts');
        const clients = parseClients(options.client);
        return verifyInstance({ ...options, clients }, context, await loadConfig());
      }),
    );
}
