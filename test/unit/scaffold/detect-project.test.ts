import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectDjango, detectFrontend } from '../../../src/scaffold/detect-project.ts';

const detect = (content: unknown, names: readonly string[] = []) =>
  detectFrontend({ dir: '.', packageJson: JSON.stringify(content), names });

describe('a frontend', () => {
  test.each([
    [{ next: '16' }, 'next', 3000],
    [{ nuxt: '4', vue: '3' }, 'nuxt', 3000],
    [{ '@angular/core': '21' }, 'angular', 4200],
    [{ '@sveltejs/kit': '2', svelte: '5', vite: '8' }, 'svelte', 5173],
    [{ vue: '3', vite: '8' }, 'vue', 5173],
    [{ react: '19', vite: '8' }, 'react', 5173],
    [{ vite: '8' }, 'vite', 5173],
    [{ astro: '7', '@astrojs/react': '5', react: '19' }, 'astro', 4321],
    [{ react: '19', 'react-scripts': '5' }, 'react', 3000],
    [{ vue: '3', '@vue/cli-service': '5' }, 'vue', 8080],
    [{ 'webpack-dev-server': '6', react: '19' }, 'react', 8080],
    [{ 'webpack-dev-server': '6' }, 'webpack', 8080],
  ])('with %j is one with %s on port %i', (dependencies, framework, port) => {
    expect(detect({ dependencies, scripts: { dev: 'x' } })).toMatchObject({
      dir: '.',
      framework,
      command: 'npm run dev',
      port,
    });
  });

  test('listens where its script says, and is started by the package manager whose lock file is there', () => {
    const content = { devDependencies: { vite: '8' }, scripts: { dev: 'vite --port 4000 --host' } };
    expect(detect(content, ['pnpm-lock.yaml'])).toMatchObject({ command: 'pnpm run dev', port: 4000 });
    expect(detect({ ...content, packageManager: 'yarn@4.9.0' }, ['package-lock.json'])?.command).toBe(
      'yarn run dev',
    );
  });

  const options = ' --client-web-socket-url auto://0.0.0.0:0/ws --allowed-hosts';
  const inFile = { kind: 'setting', file: 'webpack.config.js' };
  test.each([
    ['webpack serve', 'npm', { kind: 'option', option: ` --${options}` }],
    ['NODE_ENV=development webpack-dev-server --hot', 'npm', { kind: 'option', option: ` --${options}` }],
    ['npx webpack-cli s --open', 'yarn', { kind: 'option', option: options }],
    ['webpack serve', 'pnpm', { kind: 'option', option: options }],
    ['webpack serve', 'bun', { kind: 'option', option: options }],
    ['webpack serve --allowed-hosts all', 'npm', undefined],
    ['webpack serve && echo done', 'npm', inFile],
    ['node serve.js', 'npm', inFile],
  ])('on webpack-dev-server, started by %j with %s, is told its host: %j', (serve, manager, host) => {
    const content = { devDependencies: { 'webpack-dev-server': '6' }, scripts: { serve } };
    const found = detect({ ...content, packageManager: `${manager}@9.0.0` });
    expect(found).toMatchObject({ command: `${manager} run serve` });
    expect(found?.host).toEqual(host);
  });

  test.each([
    ['^3.11.0', undefined],
    ['~4.15.0', 'option'],
    ['latest', 'option'],
    [null, 'option'],
  ])('with webpack-dev-server %j, which knows those options from 4 on: %s', (version, kind) => {
    const content = {
      devDependencies: { 'webpack-dev-server': version },
      scripts: { serve: 'webpack serve' },
    };
    expect(detect(content)?.host?.kind).toBe(kind);
  });

  test('is not started by a script that starts jwt-dev', () => {
    const scripts = { dev: 'jwt-dev up', start: 'next start -p 3001' };
    expect(detect({ dependencies: { next: '16' }, scripts })).toMatchObject({
      command: 'npm run start',
      port: 3001,
    });
    expect(detect({ dependencies: { next: '16' }, scripts: { dev: 'npx jwt-dev up' } })?.command).toBeNull();
  });

  test('is not made of a server or of anything that is not a package.json', () => {
    expect(detect({ dependencies: { express: '5' } })).toBeNull();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (packageJson) => {
        expect(detectFrontend({ dir: '.', packageJson, names: [] })).toBeNull();
      }),
    );
  });

  test('whatever the sections hold, nothing is thrown', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (dependencies, scripts, packageManager) => {
        detect({ dependencies, devDependencies: { vite: '8' }, scripts, packageManager });
      }),
    );
  });
});

describe('a Django project', () => {
  test.each([
    ['os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")', 'mysite'],
    ["    os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings.dev')", 'shop'],
  ])('is known by the settings that its manage.py names: %s', (line, name) => {
    expect(detectDjango('backend', `import os\n${line}\n`)).toEqual({ dir: 'backend', package: name });
  });

  test('whose settings are in no package has no place for more files', () => {
    expect(detectDjango('.', 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")')).toBeNull();
    expect(detectDjango('.', '# nothing')).toBeNull();
  });
});
