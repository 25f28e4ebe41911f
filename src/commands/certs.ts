import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';

export interface CertsOptions {
  /** `--renew` alone means the leaf. */
  readonly renew?: true | 'leaf' | 'authority';
  readonly path?: boolean;
  readonly export?: string;
  readonly force?: boolean;
}

export function registerCerts(program: Command, act: ActionRunner): void {
  program
    .command('certs')
    .description('show the local CA and the certificate; make them if there are none')
    .addOption(
      program
        .createOption('--renew [what]', 'make a new certificate (leaf) or a new CA (authority)')
        .choices(['leaf', 'authority']),
    )
    .option('--path', "print the CA file's path and nothing else")
    .option('--export <dir>', 'copy CA, certificate, chain and key into a directory')
    .option('--force', 'with --export: replace other files of the same names')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev certs', 'names, dates, fingerprint, files, and who trusts them'],
        ['curl --cacert "$(jwt-dev certs --path)" https://example.com', 'a client without the trust store'],
        ['jwt-dev certs --renew', 'a new certificate; the CA stays trusted'],
        ['jwt-dev certs --export ./certs', 'ca.pem, cert.pem, chain.pem and key.pem for a container'],
      ]),
    )
    .action((options: CertsOptions) =>
      act(async (context, loadConfig) => runCerts(options, context, await loadConfig())),
    );
}

type World = Pick<
  Context,
  | 'cwd'
  | 'env'
  | 'platform'
  | 'homeDir'
  | 'paths'
  | 'isRoot'
  | 'owner'
  | 'pid'
  | 'interactive'
  | 'output'
  | 'run'
  | 'now'
  | 'self'
>;

/** Shows, renews or exports a project's certificates and answers the exit code. */
export async function runCerts(options: CertsOptions, context: World, config: Config): Promise<number> {
  const { ensureProjectCertificates } = await import('./certs-project.ts');
  const renew = options.renew === true ? 'leaf' : (options.renew ?? null);
  const material = await ensureProjectCertificates(config, context, renew);
  if (options.path === true) {
    context.output.result({ caFile: material.caFile }, material.caFile);
    return EXIT.done;
  }
  if (options.export !== undefined) {
    const path = await import('node:path');
    const { exportCertificates } = await import('../certs/export.ts');
    const dir = path.resolve(context.cwd, options.export);
    const { owner } = context;
    const files = await exportCertificates({ material, dir, owner, force: options.force === true });
    context.output.result(files, Object.values(files).join('\n'));
    return EXIT.done;
  }
  const { readCertsReport, formatCertsReport } = await import('./certs-report.ts');
  const report = await readCertsReport(config, context, material);
  context.output.result(report.value, formatCertsReport(report, config, context.self.typed));
  return EXIT.done;
}
