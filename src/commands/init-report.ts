import path from 'node:path';
import type { Context } from '../context.ts';
import { hostSettings } from '../scaffold/host-settings.ts';
import type { FileAction, PlannedFile } from '../scaffold/plan-files.ts';
import { CONFIG_FILE, type PackagePlan, type ScaffoldRequest } from '../scaffold/plan-scaffold.ts';
import type { ProjectFacts } from '../scaffold/project-facts.ts';
import { NEW_DJANGO } from '../scaffold/upstreams.ts';
import { quoteForShell } from '../system/elevate.ts';
import { sayFound } from './init-questions.ts';

export interface ScaffoldOutcome {
  readonly request: ScaffoldRequest;
  readonly facts: ProjectFacts;
  readonly files: readonly PlannedFile[];
  readonly config: Readonly<Record<string, unknown>>;
  readonly packagePlans: readonly PackagePlan[];
}

interface Place {
  /** As the user gave it. */
  readonly dir: string;
  readonly projectDir: string;
  readonly dryRun: boolean;
}

const OUTCOMES: Readonly<Record<FileAction, 'written' | 'replaced' | 'unchanged' | 'kept'>> = {
  create: 'written',
  extend: 'written',
  replace: 'replaced',
  unchanged: 'unchanged',
  keep: 'kept',
};

/** Says what was done, file by file, and what comes next. */
export function reportInit(
  outcome: ScaffoldOutcome,
  place: Place,
  { output, self }: Pick<Context, 'output' | 'self'>,
): void {
  const { files, facts, packagePlans, config, request } = outcome;
  const file = path.join(place.projectDir, CONFIG_FILE);
  const action = files.find((planned) => planned.path === CONFIG_FILE)?.action ?? 'unchanged';
  const configOutcome = place.dryRun && writes(action) ? 'would-write' : OUTCOMES[action];
  for (const kind of ['frontend', 'backend'] as const) {
    const found = sayFound(kind, facts);
    if (found !== null) output.info(found);
  }
  for (const { byHand } of packagePlans) if (byHand !== null) output.warn(`${byHand}.`);
  if (action === 'keep')
    output.warn(`${file} is yours and was kept. For what was written it needs: ${JSON.stringify(config)}`);
  const next = place.dryRun ? [] : nextSteps(outcome, place.dir, self.typed);
  output.result(
    {
      file,
      outcome: configOutcome,
      config,
      templates: request.templates,
      files: files.map((planned) => ({ path: planned.path, action: planned.action })),
      next,
    },
    human(outcome, { ...place, file, configOutcome, next }),
  );
}

function human(
  { files, request, config }: ScaffoldOutcome,
  said: Place & { readonly file: string; readonly configOutcome: string; readonly next: readonly string[] },
): string {
  if (request.templates.length === 0 && said.dryRun) return JSON.stringify(config, null, 2);
  if (!files.some(({ action }) => writes(action)))
    return request.templates.length === 0
      ? `${said.file} is already like that.`
      : `Everything is there already; nothing was ${said.dryRun ? 'to be ' : ''}written.${keptText(files)}`;
  const verb = said.dryRun ? 'Would write' : 'Wrote';
  const list =
    files.length === 1
      ? `${said.configOutcome === 'replaced' ? 'Replaced' : verb} ${said.file}`
      : `${verb} in ${said.projectDir}:\n${files
          .filter(({ action }) => writes(action))
          .map(({ path: name, action }) => `  ${name}${NOTES[action] ?? ''}`)
          .join('\n')}${keptText(files)}`;
  return said.next.length === 0
    ? list
    : `${list}\n\nNext:\n${said.next.map((line) => `  ${line}`).join('\n')}`;
}

const NOTES: Readonly<Partial<Record<FileAction, string>>> = {
  extend: ' (added to)',
  replace: ' (replaced)',
};

function keptText(files: readonly PlannedFile[]): string {
  const kept = files.filter(({ action }) => action === 'keep').map(({ path: name }) => `\n  ${name}`);
  return kept.length === 0 ? '' : `\nKept, because yours differ:${kept.join('')}`;
}

function writes(action: FileAction): boolean {
  return action === 'create' || action === 'extend' || action === 'replace';
}

function nextSteps({ request, facts, packagePlans }: ScaffoldOutcome, dir: string, typed: string): string[] {
  const { templates } = request;
  return [
    ...(dir === '.' ? [] : [`cd ${quoteForShell(dir)}`]),
    ...packagePlans.flatMap(({ file }) => (file === null ? [] : [installStep(file.path)])),
    ...(templates.includes('django') ? djangoSteps(facts) : []),
    ...hostSettings({
      ...facts,
      frontend: request.frontend === undefined ? facts.frontend : null,
      django: request.api === undefined ? facts.django : null,
      templates,
      names: request.names,
    }).map(({ file, setting }) => `# in ${file}:   ${setting}`),
    `${typed} hosts --apply`,
    `${typed} trust`,
    `${typed} up`,
  ];
}

function installStep(packageJson: string): string {
  const dir = path.posix.dirname(packageJson);
  return dir === '.' ? 'npm install' : `npm install --prefix ${dir}`;
}

function djangoSteps(facts: ProjectFacts): readonly string[] {
  const { dir, package: name } = facts.django ?? NEW_DJANGO;
  const at = (file: string): string => (dir === '.' ? file : `${dir}/${file}`);
  const lines =
    facts.django === null
      ? []
      : [
          `# at the end of your settings:   from ${name} import cookie_auth; cookie_auth.apply(globals())`,
          `# first in your urlpatterns:     path("auth/", include("${name}.cookie_auth_urls"))`,
        ];
  return [
    ...lines,
    `python3 -m pip install -r ${at(`${name}/cookie_auth_requirements.txt`)}`,
    `python3 ${at('manage.py')} migrate`,
  ];
}
