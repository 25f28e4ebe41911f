import path from 'node:path';
import { DEFAULT_FRONTEND_HOST } from '../config/defaults.ts';
import { checkConfig, loadConfig } from '../config/load.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { applyFiles } from '../scaffold/apply-files.ts';
import { isTemplateName, templateMistakes } from '../scaffold/choose-templates.ts';
import { composeParts } from '../scaffold/compose-files.ts';
import { refuseObstacles } from '../scaffold/obstacles.ts';
import {
  CONFIG_FILE,
  packagePlaces,
  planConfigFiles,
  planPackageJson,
  planScaffold,
  type ScaffoldRequest,
} from '../scaffold/plan-scaffold.ts';
import { type Found, lookAtProject, type ProjectFacts, readProjectFacts } from '../scaffold/project-facts.ts';
import {
  COMPOSE_API,
  SERVER_DEFAULTS,
  SERVER_DIR,
  type ServerSettings,
  serverFiles,
} from '../scaffold/server-files.ts';
import { readPackageParts, readTemplateFiles } from '../scaffold/template-files.ts';
import { TEMPLATES } from '../scaffold/templates.ts';
import { type WantedFile, wantedFile, wantedSources } from '../scaffold/wanted-files.ts';
import type { InitOptions } from './init.ts';
import { askTemplates, type Prompts } from './init-questions.ts';
import { reportInit, type ScaffoldOutcome } from './init-report.ts';

type World = Pick<
  Context,
  'cwd' | 'env' | 'platform' | 'paths' | 'owner' | 'pid' | 'now' | 'self' | 'output' | 'version'
>;

/**
 * Writes the configuration file, if `up` will accept it, and the files of the templates; then makes the certificates.
 * What is there already is kept.
 * @param prompts asks which templates; null: nobody is there to answer.
 * @throws JwtDevError ERR_USAGE (templates that do not fit), ERR_CONFIG_INVALID, ERR_CONFIG_EXISTS, ERR_FILE_READ,
 * ERR_FILE_WRITE
 */
export async function runInit(
  options: InitOptions,
  context: World,
  prompts: Prompts | null = null,
): Promise<number> {
  const projectDir = path.resolve(context.cwd, options.dir);
  const facts = await readProjectFacts(projectDir);
  const chosen = await chooseTemplates(options, facts, prompts);
  if (chosen === null) return EXIT.interrupted;
  const request = requestOf(options, chosen, facts, context);
  const outcome = await plan(request, facts, projectDir, context);
  if (options.dryRun !== true) {
    await applyFiles(projectDir, outcome.files, context.owner);
    const { ensureProjectCertificates } = await import('./certs-project.ts');
    const { config, warnings } = await loadConfig(context, path.join(projectDir, CONFIG_FILE), {});
    for (const warning of warnings) context.output.warn(warning);
    await ensureProjectCertificates(config, context, null);
  }
  reportInit(outcome, { dir: options.dir, projectDir, dryRun: options.dryRun === true }, context);
  return EXIT.done;
}

async function chooseTemplates(
  options: InitOptions,
  facts: ProjectFacts,
  prompts: Prompts | null,
): Promise<readonly string[] | null> {
  const saidEnough =
    options.template.length > 0 || options.frontend !== undefined || options.api !== undefined;
  if (prompts === null || options.yes === true || options.dryRun === true || saidEnough)
    return options.template;
  return askTemplates(facts, prompts);
}

function requestOf(
  options: InitOptions,
  chosen: readonly string[],
  facts: ProjectFacts,
  { platform, version }: World,
): ScaffoldRequest {
  const mistakes = templateMistakes(chosen, facts);
  if (mistakes.length > 0) {
    throw new JwtDevError('ERR_USAGE', mistakes.join('\n'), {
      hint: 'See jwt-dev init --help; a new project is best begun in a directory of its own: jwt-dev init my-project --template react',
    });
  }
  const frontendHost = options.frontendHost ?? DEFAULT_FRONTEND_HOST;
  return {
    templates: chosen.filter(isTemplateName),
    frontend: options.frontend,
    api: options.api,
    names: { frontendHost, apiHost: options.apiHost ?? `api.${frontendHost}` },
    force: options.force === true,
    platform,
    version,
  };
}

async function plan(
  request: ScaffoldRequest,
  facts: ProjectFacts,
  projectDir: string,
  context: World,
): Promise<ScaffoldOutcome> {
  const config = planConfigFiles(request, facts);
  checkConfig(context, path.join(projectDir, CONFIG_FILE), config.content);
  const sources = await readTemplateFiles(wantedSources(request.templates, facts));
  const wanted = sources.map((file) => wantedFile(file, request.names));
  const isForServer = (file: WantedFile): boolean => file.path.startsWith(`${SERVER_DIR}/`);
  const files = [
    ...wanted.filter((file) => !isForServer(file)),
    ...serverFiles(wanted.filter(isForServer), serverSettings(request.templates, facts)),
  ];
  const places = packagePlaces(request.templates, facts);
  const found = new Map<string, Found>();
  for (const place of [...[...files, ...config.wanted].map((file) => file.path), ...places.keys()])
    found.set(place, await lookAtProject(projectDir, place));
  const packagePlans = await Promise.all(
    [...places].map(async ([place, names]) => {
      const wishes = names.flatMap((name) => TEMPLATES[name].packageParts ?? []);
      const parts = await Promise.all(wishes.map((name) => readPackageParts(name)));
      return planPackageJson(place, names, parts, found, request.version);
    }),
  );
  const { files: planned, obstacles } = planScaffold({ request, files, config, packagePlans, found });
  refuseObstacles(obstacles, projectDir);
  refuseExisting(planned, request, projectDir);
  return { request, facts, files: planned, config: config.content, packagePlans };
}

function serverSettings(templates: ScaffoldRequest['templates'], facts: ProjectFacts): ServerSettings {
  const compose = { ...SERVER_DEFAULTS.compose, ...composeParts(templates, facts) };
  return {
    ...SERVER_DEFAULTS,
    ...(templates.includes('compose') ? { api: COMPOSE_API } : {}),
    compose: templates.includes('vanilla') ? { ...compose, build: '../public' } : compose,
  };
}

/** Without a template the configuration is all that was asked for, and it is there already. */
function refuseExisting(
  files: ScaffoldOutcome['files'],
  { templates }: ScaffoldRequest,
  projectDir: string,
): void {
  const kept = files.find((file) => file.path === CONFIG_FILE && file.action === 'keep');
  if (kept === undefined || templates.length > 0) return;
  throw new JwtDevError(
    'ERR_CONFIG_EXISTS',
    `${path.join(projectDir, CONFIG_FILE)} exists and was left as it is`,
    { hint: 'Edit it, or replace it with: jwt-dev init --force' },
  );
}
