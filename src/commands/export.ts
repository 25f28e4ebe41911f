import { type Command, InvalidArgumentError } from 'commander';
import { type ActionRunner, examples } from './command.ts';

export interface ExportOptions {
  readonly name: string;
  readonly dir: string;
  readonly api?: string;
  readonly root?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly httpsPort?: number;
  readonly httpPort?: number;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export function registerExport(program: Command, act: ActionRunner): void {
  program
    .command('export')
    .description('write the same split-domain layout for a server: caddy, nginx or compose')
    .argument('<name>', 'caddy, nginx or compose')
    .argument('[dir]', 'directory to write to', 'deploy')
    .option('--api <host:port>', 'where your backend listens (default: 127.0.0.1:8000; compose: api:8000)')
    .option('--root <dir>', "the frontend's build on the server (default: /srv/www)")
    .option(
      '--cert <file>',
      'certificate chain on the server (default: caddy gets one, nginx has it in /etc/ssl)',
    )
    .option('--key <file>', 'key of that certificate')
    .option('--https-port <port>', 'default: 443', port)
    .option('--http-port <port>', 'default: 80', port)
    .option('--force', 'replace existing files')
    .option('--dry-run', 'show what would be written and write nothing')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev export caddy', 'deploy/Caddyfile, with certificates that Caddy gets by itself'],
        ['jwt-dev export nginx --root /var/www/shop', 'a server block for each host'],
        ['jwt-dev export compose', 'Caddy, the build and your backend in containers'],
      ]),
    )
    .action((name: string, dir: string, options: Omit<ExportOptions, 'name' | 'dir'>) =>
      act(async (context, loadConfig) => {
        const { runExport } = await import('./export-act.ts');
        return runExport({ ...options, name, dir }, context, await loadConfig());
      }),
    );
}

function port(value: string): number {
  const number = Number(value);
  if (/^\d{1,5}$/.test(value) && number >= 1 && number <= 65_535) return number;
  throw new InvalidArgumentError('expected a port (1 to 65535).');
}
