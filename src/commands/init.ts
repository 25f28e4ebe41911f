import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';

export interface InitOptions {
  readonly dir: string;
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
    .description('write jwt-dev.config.json and make the certificates')
    .argument('[dir]', 'directory of the project', '.')
    .option('--frontend <upstream>', 'port or URL of your frontend (default: the demo page)')
    .option('--api <upstream>', 'port or URL of your backend (default: the bundled auth API)')
    .option('--frontend-host <name>', 'host name of the frontend (default: example.com)')
    .option('--api-host <name>', 'host name of the API (default: api. before the frontend host)')
    .option('--yes', 'take the defaults and ask nothing')
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

type World = Pick<
  Context,
  'cwd' | 'env' | 'platform' | 'paths' | 'owner' | 'pid' | 'now' | 'self' | 'output'
>;

/** Writes the configuration file, if `up` will accept it, and makes the certificates for its names. */
export async function runInit(options: InitOptions, context: World): Promise<number> {
  const path = await import('node:path');
  const { quoteForShell } = await import('../system/elevate.ts');
  const { planConfigFile } = await import('../scaffold/config-file.ts');
  const { applyConfigFile } = await import('../scaffold/write-config-file.ts');
  const { checkConfig, loadConfig } = await import('../config/load.ts');
  const { file, text, content } = planConfigFile({
    ...options,
    projectDir: path.resolve(context.cwd, options.dir),
  });
  checkConfig(context, file, content);
  const outcome = await applyConfigFile({
    file,
    text,
    force: options.force === true,
    dryRun: options.dryRun === true,
    owner: context.owner,
  });
  if (outcome !== 'would-write') {
    const { ensureProjectCertificates } = await import('./certs-project.ts');
    const { config, warnings } = await loadConfig(context, file, {});
    for (const warning of warnings) context.output.warn(warning);
    await ensureProjectCertificates(config, context, null);
  }
  const change = options.dir === '.' ? '' : `  cd ${quoteForShell(options.dir)}\n`;
  const next = `Next:\n${change}  ${context.self.typed} hosts --apply\n  ${context.self.typed} trust\n  ${context.self.typed} up`;
  const said = {
    'would-write': text,
    unchanged: `${file} is already like that.`,
    written: `Wrote ${file}\n\n${next}`,
    replaced: `Replaced ${file}\n\n${next}`,
  };
  context.output.result({ file, outcome, config: content }, said[outcome]);
  return EXIT.done;
}
