import type { Command } from 'commander';
import type { ConfigOverrides } from '../config/overrides.ts';
import { type ActionRunner, examples } from './command.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';

export interface UpOptions extends ConfigOverrides, InstanceOptions {
  readonly dryRun?: boolean;
  readonly open?: boolean;
  readonly detach?: boolean;
  readonly verify?: boolean;
}

export function registerUp(program: Command, act: ActionRunner): void {
  program
    .command('up')
    .description('start the environment and print its URLs; Ctrl-C stops it')
    .argument('[command...]', 'behind --: run when everything is ready; its end ends the environment')
    .option('--https-port <port>', 'TLS port; 0: any free one (default: 443)')
    .option('--http-port <port>', 'port of the redirect; 0: any free one, "none": no redirect (default: 80)')
    .option('--strict-port', 'fail instead of falling back to another port')
    .option('--rootless', 'no privilege, no hosts entries: clients come through a forward proxy on loopback')
    .option('--proxy-port <port>', 'port of that forward proxy; 0: any free one (default: 0)')
    .option('--fallback <way>', 'where 443 is not allowed: "ask", "ports" or "rootless" (default: ask)')
    .option('--frontend <upstream>', 'port or URL of your frontend, for this run')
    .option('--api <upstream>', 'port or URL of your backend, for this run')
    .option('--apply-hosts', 'write missing hosts entries without asking')
    .option('--canary', 'let documents set the cookie that shows requests without credentials, on any domain')
    .option('--no-canary', 'never set that cookie (default: it is set, but not on a public domain)')
    .option('--open', 'open a browser with a profile of its own once everything is ready')
    .option(
      '--verify',
      'once ready, log in with every client there is; a failure: exit 3 before the command, or without a terminal; --detach leaves it up',
    )
    .option('-d, --detach', 'return once everything is healthy; see status, logs and down')
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .option('--dry-run', 'show what would be done and do nothing')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev up', 'https://example.com and https://api.example.com'],
        ['jwt-dev up --frontend 5173', 'your Vite server at https://example.com'],
        ['jwt-dev up --api 8000', 'your Django at https://api.example.com'],
        ['jwt-dev up --rootless --open', 'no root, no hosts edit, no trust change; in a browser of its own'],
        ['jwt-dev up --rootless -- npx playwright test', 'tests against it; their exit code becomes ours'],
        ['jwt-dev up --verify', 'and log in with browsers, Node, Python, curl and Java, see: jwt-dev verify'],
        ['jwt-dev up --detach', 'in the background, until: jwt-dev down'],
        ['jwt-dev up --https-port 8443', 'a port that needs no privilege'],
      ]),
    )
    .action((command: readonly string[], options: UpOptions) =>
      act(async (context, loadConfig) => {
        const { runUp } = await import('./up-run.ts');
        return runUp(command, options, context, await loadConfig(options));
      }),
    );
}
