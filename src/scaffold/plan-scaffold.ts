import path from 'node:path';
import { configContent, jsonText, upstreamOfFlag } from './config-file.ts';
import { extendPackageJson, type PackageParts } from './package-json.ts';
import { type FilesPlan, type PlannedFile, planFiles } from './plan-files.ts';
import type { Found, ProjectFacts } from './project-facts.ts';
import { TEMPLATES, type TemplateName } from './templates.ts';
import { apiUpstream, forTests, frontendUpstream } from './upstreams.ts';
import type { Names, WantedFile } from './wanted-files.ts';

export interface ScaffoldRequest {
  readonly templates: readonly TemplateName[];
  /** Upstreams as flags give them; undefined: the template's or what was found. */
  readonly frontend: string | undefined;
  readonly api: string | undefined;
  readonly names: Names;
  readonly force: boolean;
  readonly platform: NodeJS.Platform;
  /** Of this program: what package.json asks for. */
  readonly version: string;
}

export const CONFIG_FILE = 'jwt-dev.config.json';
export const TEST_CONFIG_FILE = 'jwt-dev.test.json';

export interface ConfigFiles {
  readonly content: Readonly<Record<string, unknown>>;
  readonly wanted: readonly WantedFile[];
}

/** The configuration, and the tests' own where a template brings browser tests. Pure. */
export function planConfigFiles(request: ScaffoldRequest, facts: ProjectFacts): ConfigFiles {
  const { templates, names, platform } = request;
  const input = { templates, platform, hostname: names.frontendHost, ...facts };
  const frontend =
    request.frontend === undefined ? frontendUpstream(input) : upstreamOfFlag(request.frontend);
  const api = request.api === undefined ? apiUpstream(input) : upstreamOfFlag(request.api);
  const content = configContent({ ...names, frontend, api });
  const tests = forTests(api);
  const testContent = configContent({ ...names, frontend, api: tests.upstream, auth: tests.auth });
  const hasTests = templates.some((name) => TEMPLATES[name].kind === 'frontend');
  return {
    content,
    wanted: [
      ...(hasTests ? [generated(TEST_CONFIG_FILE, testContent)] : []),
      generated(CONFIG_FILE, content),
    ],
  };
}

export function generated(name: string, content: unknown): WantedFile {
  return { path: name, content: Buffer.from(jsonText(content)), executable: false };
}

export interface PackagePlan {
  readonly file: PlannedFile | null;
  /** Where it cannot be extended: the sentence that says what to add by hand. */
  readonly byHand: string | null;
  readonly added: readonly string[];
}

/**
 * Whose packages stand in which package.json: a server's beside the server, everything else with the frontend. Only
 * templates that need packages. Pure.
 */
export function packagePlaces(
  templates: readonly TemplateName[],
  facts: ProjectFacts,
): ReadonlyMap<string, readonly TemplateName[]> {
  const places = new Map<string, readonly TemplateName[]>();
  for (const name of templates) {
    const { kind, packageParts } = TEMPLATES[name];
    if (packageParts === null) continue;
    const dir = kind === 'backend' ? '.' : (facts.frontend?.dir ?? '.');
    const place = path.posix.join(dir, 'package.json');
    places.set(place, [...(places.get(place) ?? []), name]);
  }
  return places;
}

/** A package.json with what templates need. Never replaced: what is there counts. Pure. */
export function planPackageJson(
  place: string,
  templates: readonly TemplateName[],
  parts: readonly PackageParts[],
  found: ReadonlyMap<string, Found>,
  version: string,
): PackagePlan {
  const none: PackagePlan = { file: null, byHand: null, added: [] };
  const there = found.get(place) ?? { kind: 'missing' };
  if (there.kind === 'in-the-way')
    return { ...none, byHand: `${there.what}, so no packages were added to it` };
  const before = there.kind === 'file' ? there.bytes : null;
  if (before !== null && !Buffer.from(before.toString('utf8')).equals(before))
    return { ...none, byHand: `${place} is not UTF-8, so nothing was added to it` };
  const needsAtRunTime = templates.some((name) => TEMPLATES[name].runsJwtDev);
  const own = { [needsAtRunTime ? 'dependencies' : 'devDependencies']: { 'jwt-dev': `^${version}` } };
  let text = before?.toString('utf8') ?? jsonText({ private: true, type: 'module' });
  const added: string[] = [];
  for (const part of [...parts, own]) {
    const extended = extendPackageJson(text, part);
    if (extended.kind === 'unusable')
      return {
        ...none,
        byHand: `${extended.why}, so nothing was added to it. Correct it and run this again.`,
      };
    text = extended.text;
    added.push(...extended.added);
  }
  const action = before === null ? 'create' : added.length === 0 ? 'unchanged' : 'extend';
  const content = action === 'unchanged' && before !== null ? before : Buffer.from(text, 'utf8');
  return { file: { path: place, action, content, before, executable: false }, byHand: null, added };
}

/** Everything in the order in which it is written: what a project is known by comes last. Pure. */
export function planScaffold(input: {
  readonly request: ScaffoldRequest;
  readonly files: readonly WantedFile[];
  readonly config: ConfigFiles;
  readonly packagePlans: readonly PackagePlan[];
  readonly found: ReadonlyMap<string, Found>;
}): FilesPlan {
  const { request, files, config, packagePlans, found } = input;
  const { files: planned, obstacles } = planFiles([...files, ...config.wanted], found, request.force);
  const isLast = (file: PlannedFile): boolean => file.path === CONFIG_FILE || isManagePy(file.path);
  return {
    files: [
      ...planned.filter((file) => !isLast(file)),
      ...planned.filter(isLast),
      ...packagePlans.flatMap(({ file }) => file ?? []),
    ],
    obstacles,
  };
}

function isManagePy(name: string): boolean {
  return path.posix.basename(name) === 'manage.py';
}
