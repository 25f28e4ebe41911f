import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extendPackageJson } from '../../../src/scaffold/package-json.ts';

const parts = { scripts: { dev: 'vite' }, devDependencies: { vite: '^8.0.0' } };

function extended(text: string, wanted: Parameters<typeof extendPackageJson>[1] = parts): string {
  const result = extendPackageJson(text, wanted);
  if (result.kind !== 'extended') throw new Error(result.why);
  return result.text;
}

describe('what is added', () => {
  test('goes to the end of its section; lists on one line, tabs and line ends stay as they are', () => {
    const text =
      '{\r\n\t"files": ["a", "b"],\r\n\t"scripts": {\r\n\t\t"test": "x"\r\n\t},\r\n\t"x": 1\r\n}\r\n';
    expect(extended(text)).toBe(
      '{\r\n\t"files": ["a", "b"],\r\n\t"scripts": {\r\n\t\t"test": "x",\r\n\t\t"dev": "vite"\r\n\t},\r\n\t"x": 1,\r\n\t"devDependencies": {\r\n\t\t"vite": "^8.0.0"\r\n\t}\r\n}\r\n',
    );
  });

  test('opens sections that are empty or missing', () => {
    expect(extended('{"scripts":{}}')).toBe(
      '{"scripts":{\n    "dev": "vite"\n  },\n  "devDependencies": {\n    "vite": "^8.0.0"\n  }}',
    );
    expect(JSON.parse(extended('{}'))).toEqual(parts);
  });

  test('is not what stands there already, be it another version or in the other section', () => {
    const text = '{ "scripts": { "dev": "next" }, "dependencies": { "vite": "7" } }';
    expect(extendPackageJson(text, parts)).toEqual({ kind: 'extended', text, added: [] });
  });

  test('is found behind strings that look like JSON', () => {
    const text = '{ "description": "\\"scripts\\": {}, {[", "scripts": { "a": "echo \\"}\\"" } }';
    expect(JSON.parse(extended(text))).toMatchObject({ scripts: { a: 'echo "}"', dev: 'vite' } });
    expect(
      extended(text).startsWith(
        '{ "description": "\\"scripts\\": {}, {[", "scripts": { "a": "echo \\"}\\"",',
      ),
    ).toBe(true);
  });
});

test.each([
  ['', 'not a JSON object'],
  ['[]', 'not a JSON object'],
  ['{ "a": 1, }', 'not a JSON object'],
  ['{ "scripts": [] }', '"scripts"'],
  ['{ "devDependencies": null }', '"devDependencies"'],
])('%j cannot be extended, and why is said', (text, why) => {
  const result = extendPackageJson(text, parts);
  expect(result.kind === 'unusable' && result.why).toContain(why);
});

const names = fc.string({ minLength: 1, maxLength: 8 }).filter((name) => name !== '__proto__');
const section = fc.dictionary(names, fc.string({ maxLength: 8 }), { maxKeys: 4 });
const documents = fc
  .tuple(
    fc.record({ scripts: section, dependencies: section, devDependencies: section }, { requiredKeys: [] }),
    fc.dictionary(names, fc.jsonValue(), { maxKeys: 4 }),
  )
  // As JSON knows it: without negative zeros.
  .map(([sections, rest]) => JSON.parse(JSON.stringify({ ...rest, ...sections })) as Record<string, unknown>);

test('whatever a document holds and however it is written: nothing is lost, all is there, and a second time changes nothing', () => {
  fc.assert(
    fc.property(
      documents,
      fc.record({ scripts: section, devDependencies: section }),
      fc.constantFrom(undefined, 1, 2, 4, '\t'),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom('', '\uFEFF'),
      (document, wanted, indent, newline, bom) => {
        const text = bom + JSON.stringify(document, null, indent).replaceAll('\n', newline);
        const result = extended(text, wanted);
        const after = JSON.parse(result.replace('\uFEFF', '')) as Record<string, Record<string, string>>;
        for (const [name, value] of Object.entries(document)) {
          if (typeof value === 'object' && value !== null && !Array.isArray(value))
            expect(after[name]).toMatchObject(value);
          else expect(after[name]).toEqual(value);
        }
        expect(Object.keys(after['scripts'] ?? {})).toEqual(
          expect.arrayContaining(Object.keys(wanted.scripts)),
        );
        const packages = { ...after['dependencies'], ...after['devDependencies'] };
        expect(Object.keys(packages)).toEqual(expect.arrayContaining(Object.keys(wanted.devDependencies)));
        expect(result.startsWith(bom)).toBe(true);
        expect(extended(result, wanted)).toBe(result);
      },
    ),
    { numRuns: 500 },
  );
});
