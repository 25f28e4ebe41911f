import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  OUTPUT_SCHEMAS,
  type OutputName,
  outputJsonSchema,
} from '../../../src/commands/json-output/index.ts';
import { buildProgram } from '../../../src/program.ts';

const names = Object.keys(OUTPUT_SCHEMAS) as OutputName[];
const folder = '../../../templates/schemas';

// `npx vitest run --project unit json-output -u` writes them anew after an output has changed.
test.each(names)('the published JSON Schema of %s is that of the code', async (name) => {
  const text = `${JSON.stringify(outputJsonSchema(name), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`${folder}/${name}.schema.json`);
});

test('nothing else is published', () => {
  const published = readdirSync(new URL(folder, import.meta.url)).sort();
  expect(published).toEqual(names.map((name) => `${name}.schema.json`).sort());
});

test('every command has one, but exec, whose output is that of the command it runs', () => {
  const program = buildProgram(
    { version: '0.0.0' },
    () => Promise.resolve(),
    () => undefined,
  );
  const commands = program.createHelp().visibleCommands(program);
  const expected = commands
    .map((command) => command.name())
    .filter((name) => name !== 'help' && name !== 'exec');
  expect(names.filter((name) => name !== 'error' && name !== 'help').sort()).toEqual(expected.sort());
});
