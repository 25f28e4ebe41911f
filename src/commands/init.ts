import type { Command } from 'commander';
import type { ConfigOverrides } from '../config/overrides.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';

export interface InitOptions {
  readonly dir: string;
  readonly frontend?: string;
  readonly api?: string;
  readonly frontendHost?: string;
  readonly apiHost?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export function registerInit(program: Command, act: ActionRunner): void {
  program
    .command('init')
    .description('write jwt-dev.config.json')
    .argument('[dir]', 'directory of the project', '.')
    .option('--frontend <upstream>', 'port or URL of your frontend (default: the demo page)')
    .option('--api <upstream>', 'port or URL of your backend (default: the bundled auth API)')
    .option('--frontend-host <name>', 'host name of the frontend (default: example.com)')
    .option('--api-host <name>', 'host name of the API (default: api. before the frontend host)')
    .option('--force', 'replace an existing file')
    .option('--dry-run', 'show the file and write nothing')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev init', 'the defaults, in this directory'],
        ['jwt-dev init --frontend 5173', 'your Vite server, with the bundled auth API'],
        ['jwt-dev init --frontend 5173 --api 8000', 'your Vite server and your Django'],
      ]),
    )
    .action((dir: string, options: Omit<InitOptions, 'dir'>) =>
      act((context) => runInit({ ...options, dir }, context)),
    );
}

type World = Pick<Context, 'cwd' | 'env' | 'platform' | 'paths' | 'owner' | 'output'>;

export async function runInit(options: InitOptions, context: World): Promise<number> {
  const { planConfigFile } = await import('../scaffold/config-file.ts');
  const { applyConfigFile } = await import('../scaffold/write-config-file.ts');
  const { resolveConfig } = await import('../config/resolve.ts');
  const path = await import('node:path');
  const { projectStateDir, defaultHostsFile } = await import('../system/paths.ts');
  const projectDir = path.resolve(context.cwd, options.dir);
  const { file, text, content } = planConfigFile({ ...options, projectDir });
  // Written only if `up` will accept it.
  resolveConfig({
    raw: content,
    file,
    projectDir,
    stateDir: projectStateDir(context.paths, projectDir),
    defaultHostsFile: defaultHostsFile(context.platform, context.env),
    overrides: {} satisfies ConfigOverrides,
    env: {},
  });
  const outcome = await applyConfigFile({
    file,
    text,
    force: options.force === true,
    dryRun: options.dryRun === true,
    owner: context.owner,
  });
  context.output.result(
    { file, outcome, config: content },
    outcome === 'would-write'
      ? text
      : outcome === 'unchanged'
        ? `${file} is already like that.`
        : `Wrote ${file}\n\nNext:\n  jwt-dev up`,
  );
  return EXIT.done;
}
