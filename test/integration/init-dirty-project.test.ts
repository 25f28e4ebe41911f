import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { init, world } from '../helpers/init-world.ts';

const vite = { scripts: { dev: 'vite' }, devDependencies: { vite: '^8.0.0' } };

// What a directory may hold where init wants to write: other files, directories, links, files in the place of directories.
const NAMES = [
  'package.json',
  'index.html',
  'src',
  'src/session',
  'src/session/api.ts',
  'e2e/session.spec.ts',
  'public',
  'public/index.html',
  '.gitignore',
  '.github',
  '.github/workflows/e2e.yml',
  'server/main.mjs',
  'backend/manage.py',
  'backend/config',
  'jwt-dev.config.json',
  'jwt-dev.test.json',
  'deploy',
  'deploy/compose.yaml',
  'deploy/api.Dockerfile',
  'notes.txt',
];
const CONTENTS = [
  '',
  'mine',
  '{}',
  '\u0000\u00ff',
  JSON.stringify(vite),
  '{ "dependencies": { "react": "^19.0.0" } }',
  'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")',
  "import { openAuthApi } from 'jwt-dev/auth';",
];
const entry = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...CONTENTS).map((text) => ({ kind: 'file' as const, text })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'dir' as const, text: '' }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('notes.txt', '/nowhere', '.', '..')
      .map((text) => ({ kind: 'link' as const, text })),
  },
);
const trees = fc.dictionary(fc.constantFrom(...NAMES), entry, { maxKeys: 6 });
const choices = fc.tuple(
  fc.constantFrom('vanilla', 'react', 'vue', ''),
  fc.constantFrom('express', 'django', ''),
  fc.constantFrom('github-actions', 'gitlab-ci', ''),
  fc.constantFrom('compose', 'caddy', ''),
);

/** Everything below a directory: files with their bytes, links with their targets. Certificates live elsewhere. */
async function everything(dir: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const pairs = await Promise.all(
    entries.map(async (found) => {
      const file = path.join(found.parentPath, found.name);
      const content = found.isSymbolicLink()
        ? `link ${await readlink(file)}`
        : found.isFile()
          ? `file ${await readFile(file, 'latin1')}`
          : 'dir';
      return [path.relative(dir, file), content] as const;
    }),
  );
  return Object.fromEntries(pairs);
}

test('over any dirty project nothing is lost, and a second run changes nothing', async () => {
  const { home } = await world();
  let run = 0;
  let succeeded = 0;
  await fc.assert(
    fc.asyncProperty(trees, choices, async (tree, names) => {
      run += 1;
      const dir = path.join(home, `tree-${run}`);
      await mkdir(dir);
      for (const [name, { kind, text }] of Object.entries(tree)) {
        const file = path.join(dir, name);
        // What an earlier entry has made impossible (a file in the place of a directory) is left out.
        const isPossible = await mkdir(path.dirname(file), { recursive: true }).then(
          () => true,
          () => false,
        );
        if (!isPossible) continue;
        const make = {
          file: () => writeFile(file, text, 'latin1'),
          dir: () => mkdir(file),
          link: () => symlink(text, file),
        };
        await make[kind]().catch(() => undefined);
      }
      const before = await everything(dir);
      const template = names.filter((name) => name !== '');
      const attempt = async () => {
        try {
          await init(home, dir, { template });
          return true;
        } catch (error) {
          expect([
            'ERR_FILE_WRITE',
            'ERR_USAGE',
            'ERR_CONFIG_EXISTS',
            'ERR_CONFIG_UNREADABLE',
            'ERR_CONFIG_INVALID',
          ]).toContain((error as { code: string }).code);
          return false;
        }
      };
      const isDone = await attempt();
      const after = await everything(dir);
      for (const [name, content] of Object.entries(before)) {
        if (after[name] === content) continue;
        // The one file that is added to: what it held is still in it.
        expect(path.basename(name)).toBe('package.json');
        const held = JSON.parse(content.replace(/^file /, '')) as object;
        expect(JSON.parse((after[name] ?? '').replace(/^file /, ''))).toMatchObject(held);
      }
      if (isDone) {
        succeeded += 1;
        expect(await attempt()).toBe(true);
        expect(await everything(dir)).toEqual(after);
      }
    }),
    { numRuns: 150 },
  );
  expect(succeeded).toBeGreaterThan(20);
}, 120_000);
