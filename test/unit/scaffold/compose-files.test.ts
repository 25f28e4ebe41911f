import { expect, test } from 'vitest';
import { composeFiles, composeFolders, composeParts } from '../../../src/scaffold/compose-files.ts';
import { detectFrontend } from '../../../src/scaffold/detect-project.ts';
import type { ProjectFacts } from '../../../src/scaffold/project-facts.ts';
import { SERVER_DEFAULTS } from '../../../src/scaffold/server-files.ts';
import { readTemplateFiles } from '../../../src/scaffold/template-files.ts';

const NOTHING: ProjectFacts = { frontend: null, django: null, hasExpressServer: false };

/** A frontend as it is found in a directory. */
function found(
  packages: readonly string[],
  settings: { dir?: string; names?: string[]; dev?: string | null } = {},
) {
  const { dir = '.', names = [], dev = 'vite' } = settings;
  const devDependencies = Object.fromEntries(packages.map((name) => [name, '*']));
  const packageJson = JSON.stringify({ devDependencies, ...(dev === null ? {} : { scripts: { dev } }) });
  return detectFrontend({ dir, packageJson, names });
}

/** The files by their names, as they are written for a project with these facts. */
async function written(facts: ProjectFacts): Promise<Readonly<Record<string, string>>> {
  const parts = composeParts([], facts);
  const sources = await readTemplateFiles(composeFolders(parts).map((from) => ({ from, to: 'deploy' })));
  const files = composeFiles(sources, { ...SERVER_DEFAULTS.compose, ...parts });
  return Object.fromEntries(files.map(({ path, content }) => [path, content.toString('utf8')]));
}

test('what is built is decided by the templates first, then by what is found', () => {
  expect(composeParts([], NOTHING)).toEqual({ backend: null, frontend: null });
  expect(composeParts(['react', 'express'], NOTHING)).toEqual({
    backend: { kind: 'express' },
    frontend: { dir: '.', output: 'dist' },
  });
  expect(composeParts(['vanilla', 'django'], NOTHING)).toEqual({
    backend: { kind: 'django', dir: 'backend', package: 'config' },
    frontend: null,
  });
  expect(composeParts([], { ...NOTHING, hasExpressServer: true }).backend).toEqual({ kind: 'express' });
  const django = { dir: '.', package: 'shop' };
  expect(composeParts([], { ...NOTHING, django }).backend).toEqual({ kind: 'django', ...django });
});

test.each([
  ['npm', found(['vite']), { dir: '.', output: 'dist' }],
  ['no script yet', found(['vite', 'react'], { dev: null }), { dir: '.', output: 'dist' }],
  [
    'Create React App',
    found(['react', 'react-scripts'], { dir: 'web', dev: null }),
    { dir: 'web', output: 'build' },
  ],
  ['another package manager', found(['vite'], { names: ['pnpm-lock.yaml'] }), null],
  ['a framework with a server of its own', found(['next'], { dev: 'next dev' }), null],
])('a frontend is built in its image where npm and a known directory do: %s', (_, frontend, dir) => {
  expect(composeParts([], { ...NOTHING, frontend }).frontend).toEqual(dir);
});

test('without a backend that can be built, an image is asked for and not waited for', async () => {
  const files = await written(NOTHING);
  expect(Object.keys(files)).toEqual(['deploy/compose.yaml']);
  expect(files['deploy/compose.yaml']).toContain('API_IMAGE:?');
  expect(files['deploy/compose.yaml']).toContain('condition: service_started');
  expect(files['deploy/compose.yaml']).toContain('- ../dist:/srv/www:ro');
});

test('what Create React App builds is taken from where it builds it', async () => {
  const files = await written({ ...NOTHING, frontend: found(['react', 'react-scripts'], { dir: 'web' }) });
  expect(files['deploy/frontend.Dockerfile']).toContain('COPY --from=build /app/build /srv/www');
  expect(files['deploy/frontend.Dockerfile']).not.toContain('dist');
  expect(files['deploy/frontend.Dockerfile.dockerignore']).toMatch(/^web\/build$/m);
});

test('a Django project at the top, a frontend in a directory: the Dockerfiles copy from there', async () => {
  const files = await written({
    ...NOTHING,
    frontend: found(['vite'], { dir: 'web' }),
    django: { dir: '.', package: 'shop' },
  });
  expect(Object.keys(files)).not.toContain('deploy/api.yaml');
  expect(files['deploy/compose.yaml']).toContain('DJANGO_SECRET_KEY:?');
  const api = files['deploy/api.Dockerfile'];
  expect(api).toContain('COPY shop/cookie_auth_requirements.txt requirements*.txt /requirements/');
  expect(api).toContain('COPY . .');
  expect(api).toContain(' shop.wsgi"]');
  expect(api).not.toMatch(/backend\/|config\./);
  const frontend = files['deploy/frontend.Dockerfile'];
  expect(frontend).toContain('COPY web/package.json web/package-lock.json ./');
  expect(frontend).toContain('COPY web .');
  expect(files['deploy/frontend.Dockerfile.dockerignore']).toMatch(/^web\/dist$/m);
});

test('names of directories that YAML would read otherwise are quoted', async () => {
  const sources = await readTemplateFiles([{ from: 'compose/base', to: '.' }]);
  const settings = {
    backend: null,
    frontend: null,
    build: '../my web: build',
    project: '../..',
    place: 'a/b',
  };
  const [file] = composeFiles(sources, settings);
  expect(file?.content.toString('utf8')).toContain('- "../my web: build:/srv/www:ro"');
});
