import path from 'node:path';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { applyFiles } from '../scaffold/apply-files.ts';
import { composeParts } from '../scaffold/compose-files.ts';
import { refuseObstacles } from '../scaffold/obstacles.ts';
import { type FilesPlan, planFiles } from '../scaffold/plan-files.ts';
import { type Found, lookAtProject, type ProjectFacts, readProjectFacts } from '../scaffold/project-facts.ts';
import {
  COMPOSE_API,
  SERVER_DEFAULTS,
  SERVER_NAMES,
  type ServerName,
  type ServerSettings,
  serverFiles,
  serverFolders,
} from '../scaffold/server-files.ts';
import { readTemplateFiles } from '../scaffold/template-files.ts';
import { wantedFile } from '../scaffold/wanted-files.ts';
import type { ExportOptions } from './export.ts';

/**
 * Writes the files for a server, with the hosts of the configuration. What is there already is kept.
 * @throws JwtDevError ERR_USAGE, ERR_FILE_READ, ERR_FILE_WRITE
 */
export async function runExport(
  options: ExportOptions,
  { cwd, output, owner }: Pick<Context, 'cwd' | 'output' | 'owner'>,
  config: Config,
): Promise<number> {
  const name = serverName(options.name);
  const dir = path.resolve(cwd, options.dir);
  const settings = settingsOf(options, name, dir, config, await readProjectFacts(config.projectDir));
  const names = { frontendHost: config.frontend.hostname, apiHost: config.api.hostname };
  const folders = serverFolders(name, settings.compose);
  const sources = await readTemplateFiles(folders.map((from) => ({ from, to: '.' })));
  const wanted = serverFiles(
    sources.map((file) => wantedFile(file, names)),
    settings,
  );
  const found = new Map<string, Found>();
  for (const file of wanted) found.set(file.path, await lookAtProject(dir, file.path));
  const plan = planFiles(wanted, found, options.force === true);
  refuseObstacles(plan.obstacles, dir);
  if (options.dryRun !== true) await applyFiles(dir, plan.files, owner);
  const check = CHECKS[name].replace('{host}', config.frontend.hostname);
  const files = plan.files.map((file) => ({ path: path.join(dir, file.path), action: file.action }));
  const done = options.dryRun === true ? 'Would write' : 'Wrote';
  const lines = files.map(({ path: file, action }) => `${SAYINGS[action] ?? done} ${file}`);
  output.result({ name, dir, files, check }, [...lines, '', `Check it with: ${check}`].join('\n'));
  return EXIT.done;
}

const CHECKS: Readonly<Record<ServerName, string>> = {
  caddy: 'caddy validate --adapter caddyfile --config Caddyfile',
  nginx: 'nginx -t   (with {host}.conf in conf.d/)',
  compose: 'docker compose config',
};

const SAYINGS: Readonly<Partial<Record<FilesPlan['files'][number]['action'], string>>> = {
  unchanged: 'Already like that:',
  keep: 'Kept, because yours differs (--force replaces it):',
};

function serverName(name: string): ServerName {
  const known = SERVER_NAMES.find((server) => server === name);
  if (known !== undefined) return known;
  throw new JwtDevError('ERR_USAGE', `There is no export ${name}. There are: ${SERVER_NAMES.join(', ')}`, {
    hint: 'See jwt-dev export --help',
  });
}

function settingsOf(
  options: ExportOptions,
  name: ServerName,
  dir: string,
  config: Config,
  facts: ProjectFacts,
): ServerSettings {
  const { cert, key } = options;
  if ((cert === undefined) !== (key === undefined)) {
    throw new JwtDevError('ERR_USAGE', 'A certificate needs both --cert and --key', {
      hint: 'jwt-dev certs --export DIR writes both for a try on this machine (chain.pem and key.pem)',
    });
  }
  const { upstream } = config.frontend;
  const { projectDir } = config;
  const build =
    upstream.kind === 'static'
      ? upstream.directory
      : path.join(projectDir, facts.frontend?.dir ?? '.', facts.frontend?.output ?? 'dist');
  const parts = composeParts([], facts);
  return {
    api: options.api ?? (name === 'compose' ? COMPOSE_API : SERVER_DEFAULTS.api),
    root: options.root ?? SERVER_DEFAULTS.root,
    certificate: cert === undefined || key === undefined ? null : { chain: cert, key },
    httpsPort: options.httpsPort ?? SERVER_DEFAULTS.httpsPort,
    httpPort: options.httpPort ?? SERVER_DEFAULTS.httpPort,
    compose: {
      backend: parts.backend,
      frontend: upstream.kind === 'static' ? null : parts.frontend,
      build: relative(dir, build),
      project: relative(dir, projectDir),
      place: relative(projectDir, dir).replace(/^\.\//, ''),
    },
  };
}

/** With slashes, and never taken for the name of a volume. */
function relative(from: string, to: string): string {
  const way = path.relative(from, to).split(path.sep).join('/');
  return way.startsWith('.') ? way : `./${way}`;
}
