import path from 'node:path';
import type { DetectedDjango, DetectedFrontend } from './detect-project.ts';
import type { ProjectFacts } from './project-facts.ts';
import type { TemplateName } from './templates.ts';
import { NEW_DJANGO } from './upstreams.ts';
import type { WantedFile } from './wanted-files.ts';

/** What the containers are made of. */
export interface ComposeParts {
  /** A backend whose image is built; null: an image of the user's own. */
  readonly backend: { readonly kind: 'express' } | ({ readonly kind: 'django' } & DetectedDjango) | null;
  /** A frontend that is built in its image; null: a directory that is there already is mounted. */
  readonly frontend: Pick<DetectedFrontend, 'dir' | 'output'> | null;
}

export interface ComposeSettings extends ComposeParts {
  /** The directory that is mounted, relative to the files. */
  readonly build: string;
  /** The project's directory, relative to the files. */
  readonly project: string;
  /** The files' directory, relative to the project. */
  readonly place: string;
}

/** Frameworks whose build is a directory of files. The others need a server, or have a place of their own for it. */
const STATIC = new Set(['react', 'vue', 'vite']);

/** What the project has, or gets with these templates. Pure. */
export function composeParts(templates: readonly TemplateName[], facts: ProjectFacts): ComposeParts {
  return { backend: backendOf(templates, facts), frontend: frontendOf(templates, facts) };
}

function backendOf(templates: readonly TemplateName[], facts: ProjectFacts): ComposeParts['backend'] {
  if (templates.includes('express')) return { kind: 'express' };
  if (facts.django !== null || templates.includes('django'))
    return { kind: 'django', ...(facts.django ?? NEW_DJANGO) };
  return facts.hasExpressServer ? { kind: 'express' } : null;
}

function frontendOf(
  templates: readonly TemplateName[],
  { frontend }: ProjectFacts,
): ComposeParts['frontend'] {
  if (frontend === null)
    return templates.some((name) => STATIC.has(name)) ? { dir: '.', output: 'dist' } : null;
  // The image installs with npm; what another package manager installs is built outside.
  const usesNpm = frontend.command === null || frontend.command.startsWith('npm ');
  const { dir, output } = frontend;
  return usesNpm && STATIC.has(frontend.framework) ? { dir, output } : null;
}

/** The folders of templates/ for these parts. */
export function composeFolders({ backend, frontend }: ComposeParts): readonly string[] {
  return [
    'compose/base',
    ...(backend === null ? [] : [`compose/${backend.kind}`]),
    ...(frontend === null ? [] : ['compose/frontend']),
  ];
}

/** The service of a backend that is built: it takes the place of the one in compose.yaml, and is no file of its own. */
const FRAGMENT = 'api.yaml';

/** The files for Compose with the settings in the place of the defaults. Other files stay as they are. Pure. */
export function composeFiles(files: readonly WantedFile[], settings: ComposeSettings): readonly WantedFile[] {
  const isFragment = (file: WantedFile): boolean => path.posix.basename(file.path) === FRAGMENT;
  const service = files.find(isFragment)?.content.toString('utf8') ?? null;
  return files
    .filter((file) => !isFragment(file))
    .map((file) => {
      const text = file.content.toString('utf8');
      return {
        ...file,
        content: Buffer.from(changed(path.posix.basename(file.path), text, service, settings)),
      };
    });
}

function changed(name: string, text: string, service: string | null, settings: ComposeSettings): string {
  const { backend, frontend } = settings;
  if (name === 'compose.yaml') return composeYaml(text, service, settings);
  if (name === 'api.Dockerfile' && backend?.kind === 'django') return djangoDockerfile(text, backend);
  if (name === 'frontend.Dockerfile' && frontend !== null) return frontendDockerfile(text, frontend);
  if (name === 'frontend.Dockerfile.dockerignore' && frontend !== null)
    return text.replace(/^dist$/m, path.posix.join(frontend.dir, frontend.output));
  return text;
}

function frontendDockerfile(text: string, { dir, output }: NonNullable<ComposeParts['frontend']>): string {
  const built =
    output === 'dist'
      ? text
      : text.replace(/^# Vite.*$/m, `# The build goes to ${output}.`).replace('/app/dist', `/app/${output}`);
  if (dir === '.') return built;
  return built
    .replace('COPY package.json package-lock.json', `COPY ${dir}/package.json ${dir}/package-lock.json`)
    .replace('COPY . .', `COPY ${dir} .`);
}

function composeYaml(text: string, service: string | null, settings: ComposeSettings): string {
  const { build, frontend, project, place } = settings;
  const withService = service === null ? text : text.replace(/^ {2}api:\n(?: {4}.*\n)+/m, () => service);
  const waits = service === null ? withService.replace('service_healthy', 'service_started') : withService;
  const served =
    frontend === null
      ? waits
          .replace(/^ {4}build:\n {6}context.*\n.*frontend.Dockerfile\n/m, '    image: caddy:2\n')
          .replace(/^.*Caddyfile:ro\n/m, (line) => `${line}      - ${yaml(`${build}:/srv/www:ro`)}\n`)
      : waits;
  return served
    .replaceAll('context: ..', () => `context: ${yaml(project)}`)
    .replaceAll(
      /dockerfile: deploy\/(.*)/g,
      (_, file: string) => `dockerfile: ${yaml(path.posix.join(place, file))}`,
    );
}

function djangoDockerfile(text: string, { dir, package: name }: DetectedDjango): string {
  const inDir = (file: string): string => path.posix.join(dir, file);
  return text
    .replace('in backend/,', dir === '.' ? 'here,' : `in ${dir}/,`)
    .replace('backend/config/', `${inDir(name)}/`)
    .replace('backend/requirements*', inDir('requirements*'))
    .replace('COPY backend .', `COPY ${dir} .`)
    .replace('config.wsgi', `${name}.wsgi`);
}

/** A JSON string is a YAML string; what needs no quotes gets none. */
function yaml(text: string): string {
  return /^[\w./][\w./:@+-]*$/.test(text) ? text : JSON.stringify(text);
}
