import type { Command } from 'commander';
import { type ActionRunner, examples } from './command.ts';

export interface InitOptions {
  readonly dir: string;
  /** Each once. */
  readonly template: readonly string[];
  readonly frontend?: string;
  readonly api?: string;
  readonly frontendHost?: string;
  readonly apiHost?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export function registerInit(program: Command, act: ActionRunner): void {
  program
    .command('init')
    .description('write jwt-dev.config.json, and a frontend, backend or CI scaffold; make the certificates')
    .argument('[dir]', 'directory of the project', '.')
    .option(
      '--template <name>',
      'vanilla, react, vue; express, django; github-actions, gitlab-ci; caddy, nginx, compose (repeatable)',
      collectNames,
      [],
    )
    .option(
      '--frontend <upstream>',
      'port or URL of your frontend (default: what is found, else the demo page)',
    )
    .option(
      '--api <upstream>',
      'port or URL of your backend (default: what is found, else the bundled auth API)',
    )
    .option('--frontend-host <name>', 'host name of the frontend (default: example.com)')
    .option('--api-host <name>', 'host name of the API (default: api. before the frontend host)')
    .option('--yes', 'take the defaults and ask nothing')
    .option('--force', 'replace existing files (package.json is never replaced)')
    .option('--dry-run', 'show what would be written and write nothing')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev init', 'the configuration, with the frontend and backend that are found here'],
        ['jwt-dev init shop --template react', 'a new React project with log-in, in the directory shop'],
        ['jwt-dev init --template vue --template express --template gitlab-ci', 'frontend, backend and CI'],
        ['jwt-dev init --template django', 'a Django backend, or what yours needs'],
        ['jwt-dev init --frontend 5173 --api 8000', 'your Vite server and your Django, already running'],
      ]),
    )
    .action((dir: string, options: Omit<InitOptions, 'dir'>) =>
      act(async (context) => {
        const { runInit } = await import('./init-act.ts');
        const { output } = context;
        const prompts = { note: (text: string) => output.info(text), select: context.choose };
        return runInit({ ...options, dir }, context, context.interactive && !output.json ? prompts : null);
      }),
    );
}

/** `--template react --template express` and `--template react,express` are the same. */
function collectNames(value: string, before: readonly string[]): readonly string[] {
  return [...new Set([...before, ...value.split(',').map((name) => name.trim())])];
}
