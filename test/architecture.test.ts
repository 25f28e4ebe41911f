import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// The second net behind the linter: layers and size, read from the files themselves.
const src = fileURLToPath(new URL('../src', import.meta.url));

/** From the top down. A file may import from its own layer's folder and from any layer below. */
const LAYERS = [
  // A page is a program of its own: it runs in a browser.
  ['cli', 'pages'],
  ['program'],
  ['commands'],
  ['environment'],
  ['doctor', 'clean'],
  [
    'hosts',
    'certs',
    'proxy',
    'auth',
    'static-site',
    'scaffold',
    'rootless',
    'supervisor',
    'control',
    'browser',
    'browser-check',
    'verdicts',
  ],
  ['config'],
  ['system'],
  ['errors', 'version'],
];
/** Seen only by cli and commands. */
const EDGE = new Set(['context', 'output']);

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const read = (name: string): string => readFileSync(path.join(src, name), 'utf8');
const folderOf = (name: string): string => name.split(path.sep)[0]?.replace(/\.ts$/, '') ?? '';
const layerOf = (folder: string): number => LAYERS.findIndex((layer) => layer.includes(folder));

test('every folder of src belongs to a layer', () => {
  const unknown = files.map(folderOf).filter((folder) => layerOf(folder) < 0 && !EDGE.has(folder));
  expect(unknown).toEqual([]);
});

test('imports run one way and no feature imports another', () => {
  const wrong: string[] = [];
  for (const name of files) {
    const from = folderOf(name);
    for (const match of read(name).matchAll(
      /^(import|export)( type)?[^;]*? from '(\.[^']+)'|import\('(\.[^']+)'\)/gm,
    )) {
      const to = folderOf(
        path.relative(src, path.resolve(src, path.dirname(name), match[3] ?? match[4] ?? '')),
      );
      if (to === from) continue;
      const typeOnlyConfig = to === 'config';
      const allowed = EDGE.has(from)
        ? ['system', 'errors', 'output', 'version'].includes(to)
        : EDGE.has(to)
          ? from === 'cli' || from === 'program' || from === 'commands'
          : layerOf(from) < layerOf(to) || (typeOnlyConfig && match[2] !== undefined);
      if (!allowed) wrong.push(`${name} imports ${to}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no file of src is longer than 300 lines', () => {
  expect(files.filter((name) => read(name).split('\n').length > 301)).toEqual([]);
});

test('only the context reads the process; asking whether another one lives and ending it are the exceptions', () => {
  const readers = files.filter((name) =>
    /from 'node:process'|\bprocess\.(env|argv|cwd|exit|on|stdout|stderr|platform)\b/.test(read(name)),
  );
  expect(readers.sort()).toEqual(['context.ts', 'system/kill-tree.ts', 'system/process-identity.ts']);
});
