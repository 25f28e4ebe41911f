import { chmod, lstat, mkdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Prompts } from '../../src/commands/init-questions.ts';
import { init, world, write } from '../helpers/init-world.ts';
import { snapshot } from '../helpers/template-project.ts';

const vite = { scripts: { dev: 'vite' }, devDependencies: { vite: '^8.0.0' } };

describe('an existing project', () => {
  test('gets its own development server and its Django as upstreams, each in its directory', async () => {
    const { home, dir, write: put } = await world();
    await put('frontend/package.json', JSON.stringify(vite));
    await put('backend/manage.py', 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")');
    const { json, err } = await init(home, dir);
    expect(json().config).toMatchObject({
      frontend: { upstream: { command: 'npm run dev', cwd: 'frontend' } },
      api: { upstream: { command: 'python3 manage.py runserver', cwd: 'backend' } },
    });
    expect(err).toContain('Found a frontend with vite in frontend/, started by "npm run dev", port 5173.');
  });

  test('gets the parts of a template that it lacks, and no starter pages', async () => {
    const { home, dir, write: put } = await world();
    const text = `{ "scripts": { "dev": "vite" },\n  "dependencies": { "react": "^18.0.0" } }\n`;
    await put('package.json', text);
    await put('src/session/api.ts', '// mine');
    const { json } = await init(home, dir, { template: ['react'] });
    const actions = Object.fromEntries(json().files.map((file) => [file.path, file.action]));
    expect(actions).toMatchObject({
      'src/session/api.ts': 'keep',
      'src/session/session.ts': 'create',
      'package.json': 'extend',
    });
    expect(Object.keys(actions)).not.toContain('src/main.tsx');
    expect(await readFile(path.join(dir, 'src/session/api.ts'), 'utf8')).toBe('// mine');
    const after = await readFile(path.join(dir, 'package.json'), 'utf8');
    expect(after).toContain('"dependencies": { "react": "^18.0.0"');
    expect(JSON.parse(after)).toMatchObject({ devDependencies: { 'jwt-dev': '^1.2.3' } });
  });

  test('with its frontend in a directory gets a server with packages of its own beside it', async () => {
    const { home, dir, write: put } = await world();
    await put('frontend/package.json', JSON.stringify({ ...vite, dependencies: { react: '^19.0.0' } }));
    const { json } = await init(home, dir, { template: ['react', 'express'] });
    expect(json().files.map((file) => file.path)).toContain('server/main.mjs');
    const [own, theirs] = await Promise.all(
      ['package.json', 'frontend/package.json'].map(
        async (name) => JSON.parse(await readFile(path.join(dir, name), 'utf8')) as Record<string, object>,
      ),
    );
    expect(own?.['dependencies']).toMatchObject({ express: expect.any(String), 'jwt-dev': '^1.2.3' });
    expect(theirs?.['dependencies']).not.toHaveProperty('express');
    expect(theirs?.['devDependencies']).toHaveProperty('jwt-dev');
    expect(json()).toMatchObject({
      next: expect.arrayContaining(['npm install', 'npm install --prefix frontend']),
    });
    const before = await snapshot(dir);
    await init(home, dir, { template: ['react', 'express'] });
    expect(await snapshot(dir)).toEqual(before);
  });

  test('whose package.json is not JSON keeps it, and is told what is wrong', async () => {
    const { home, dir, write: put } = await world();
    await put('package.json', '{ // comments\n}');
    const { err } = await init(home, dir, { template: ['express'] });
    expect(err).toContain('package.json is not a JSON object, so nothing was added to it');
    expect(await readFile(path.join(dir, 'package.json'), 'utf8')).toBe('{ // comments\n}');
  });

  test.each([
    [['react', 'vue'], 'choose one'],
    [['svelte'], 'There is no template svelte'],
    [['vue'], 'This is a project with vite'],
  ])('refuses %j with the reason', async (template, why) => {
    const { home, dir, write: put } = await world();
    await put('package.json', JSON.stringify(vite));
    const before = await snapshot(dir);
    await expect(init(home, dir, { template })).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining(why) as string,
    });
    expect(await snapshot(dir)).toEqual(before);
  });
});

describe('what is there', () => {
  test('is replaced with --force only, and package.json never', async () => {
    const { home, dir, write: put } = await world();
    await put('index.html', 'mine');
    await put('package.json', '{ "name": "mine" }');
    await init(home, dir, { template: ['vue'] });
    expect(await readFile(path.join(dir, 'index.html'), 'utf8')).toBe('mine');
    // It has become a Vue project by that: the starter is not offered again.
    const other = await world();
    await write(path.join(other.dir, '.gitlab-ci.yml'), 'mine');
    await init(other.home, other.dir, { template: ['gitlab-ci'], force: true });
    expect(await readFile(path.join(other.dir, '.gitlab-ci.yml'), 'utf8')).toContain('npm run e2e');
    expect(JSON.parse(await readFile(path.join(dir, 'package.json'), 'utf8'))).toMatchObject({
      name: 'mine',
    });
  });

  test('is not followed out of the project: a link on the way stops everything before anything is written', async () => {
    const { home, dir } = await world();
    const outside = path.join(home, 'outside');
    await mkdir(outside);
    await symlink(outside, path.join(dir, 'src'));
    await expect(init(home, dir, { template: ['react'] })).rejects.toMatchObject({
      code: 'ERR_FILE_WRITE',
      details: ['src is a link that leads out of the project'],
    });
    expect(await snapshot(outside)).toEqual({});
    expect(await snapshot(dir)).toEqual({});
  });

  test('keeps its mode where something is added, and a linked package.json stays a link', async () => {
    const { home, dir, write: put } = await world();
    await put('real.json', '{}');
    await chmod(path.join(dir, 'real.json'), 0o600);
    await symlink('real.json', path.join(dir, 'package.json'));
    await init(home, dir, { template: ['github-actions'] });
    expect(await readlink(path.join(dir, 'package.json'))).toBe('real.json');
    expect((await lstat(path.join(dir, 'real.json'))).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path.join(dir, 'real.json'), 'utf8'))).toHaveProperty('scripts.e2e');
  });
});

test('--dry-run lists and writes nothing, not even the directory', async () => {
  const { home } = await world();
  const { json } = await init(home, home, { dir: 'new', template: ['react', 'gitlab-ci'], dryRun: true });
  expect(json().outcome).toBe('would-write');
  expect(json().files.map((file) => file.path)).toContain('.gitlab-ci.yml');
  await expect(lstat(path.join(home, 'new'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a server is one of the templates too, and its files say what the frontend and the containers need', async () => {
  const { home, dir } = await world();
  await init(home, dir, { template: ['vanilla', 'compose'] });
  const files = await snapshot(dir);
  expect(files['deploy/compose.yaml']).toContain('- ../public:/srv/www:ro');
  expect(files['deploy/Caddyfile']).toContain('reverse_proxy api:8000');
});

test('other host names stand in every file', async () => {
  const { home, dir } = await world();
  await init(home, dir, {
    template: ['react', 'django', 'github-actions'],
    frontendHost: 'shop.test',
    apiHost: 'back.shop.test',
  });
  const files = await snapshot(dir);
  expect(
    Object.entries(files).filter(([, text]) => text.includes('example.com') && !text.includes('@')),
  ).toEqual([]);
  expect(files['vite.config.ts']).toContain("'https://back.shop.test'");
  expect(files['backend/config/cookie_auth.py']).toContain('"API_HOST", "back.shop.test"');
});

describe('questions', () => {
  const answers = (...given: readonly (string | null | undefined)[]) => {
    const asked: string[] = [];
    const rest = [...given];
    const prompts = {
      note: (text: string) => asked.push(text),
      select: (question: string, choices: readonly { value: string | null }[]) => {
        asked.push(`${question} ${choices.map((choice) => choice.value ?? '-').join(' ')}`);
        return Promise.resolve(rest.shift());
      },
    } as unknown as Prompts;
    return { asked, prompts };
  };

  test('are asked for each kind, and the answers are written', async () => {
    const { home, dir } = await world();
    const { asked, prompts } = answers('vanilla', null, 'gitlab-ci');
    await init(home, dir, {}, prompts);
    expect(asked).toEqual([
      'Which frontend? - vanilla react vue',
      'What answers for the API? - express django',
      'Run the browser tests in CI? - github-actions gitlab-ci',
    ]);
    expect(Object.keys(await snapshot(dir))).toEqual(
      expect.arrayContaining(['public/index.html', '.gitlab-ci.yml']),
    );
  });

  test('offer only what fits into what is there', async () => {
    const { home, dir, write: put } = await world();
    await put('package.json', JSON.stringify(vite));
    await put('manage.py', 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")');
    const { asked, prompts } = answers(null, null);
    await init(home, dir, {}, prompts);
    expect(asked.filter((text) => text.includes('?'))).toEqual([
      'What answers for the API? - django',
      'Run the browser tests in CI? - github-actions gitlab-ci',
    ]);
  });

  test('that are broken off write nothing', async () => {
    const { home, dir } = await world();
    await init(home, dir, {}, answers('react', undefined).prompts);
    expect(await snapshot(dir)).toEqual({});
  });
});

test('a run that was cut short after any file is completed by the next one', async () => {
  const { home } = await world();
  const template = ['react', 'django', 'github-actions'];
  const { json } = await init(home, home, { dir: 'whole', template });
  const whole = await snapshot(path.join(home, 'whole'));
  const order = json().files.map((file) => file.path);
  expect(order.slice(-3)).toEqual(['backend/manage.py', 'jwt-dev.config.json', 'package.json']);
  for (const [count, name] of order.entries()) {
    const dir = path.join(home, `cut-${count}`);
    await mkdir(dir);
    for (const done of order.slice(0, count)) {
      await mkdir(path.dirname(path.join(dir, done)), { recursive: true });
      await writeFile(path.join(dir, done), whole[done] ?? '', 'latin1');
    }
    await init(home, dir, { template });
    expect([name, await snapshot(dir)]).toEqual([name, whole]);
  }
});
