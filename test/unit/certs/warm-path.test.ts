import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const certs = fileURLToPath(new URL('../../../src/certs', import.meta.url));

/** Every module that loading `file` loads: static imports only, types left out. */
function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  const statements = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export)(?! type )[^;]*?from '([^']+)';/gm,
  );
  const plain = readFileSync(file, 'utf8').matchAll(/^import '([^']+)';/gm);
  for (const [, name = ''] of [...statements, ...plain]) {
    const loaded = name.startsWith('.') ? path.resolve(path.dirname(file), name) : name;
    if (seen.has(loaded)) continue;
    seen.add(loaded);
    if (name.startsWith('.')) loadedBy(loaded, seen);
  }
  return seen;
}

test.each(['ensure.ts', 'renewal.ts', 'bundle.ts', 'describe.ts', 'trust/stores.ts', 'trust/apply.ts'])(
  'loading %s loads nothing but Node and our own files',
  (name) => {
    const packages = [...loadedBy(path.join(certs, name))].filter(
      (loaded) => !loaded.startsWith('node:') && !path.isAbsolute(loaded),
    );
    expect(packages).toEqual([]);
  },
);

test('the library is found by the same reading where it is really used', () => {
  expect([...loadedBy(path.join(certs, 'leaf.ts'))]).toContain('@peculiar/x509');
  expect([...loadedBy(path.join(certs, 'self-signed.ts'))]).toContain('selfsigned');
});
