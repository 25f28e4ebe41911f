import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { buildProgram } from '../../src/program.ts';

/** What `command --help` prints, 100 columns wide whatever the terminal is. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
    writeOut: (part) => (text += part),
  });
  command.outputHelp();
  return text.trim();
}

function commandReference(): string {
  const program = buildProgram(
    { version: '0.0.0' },
    () => Promise.resolve(),
    () => undefined,
  );
  const visible = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => command.name() !== 'help');
  return visible
    .map((command) => `### \`jwt-dev ${command.name()}\`\n\n\`\`\`\n${helpOf(command)}\n\`\`\`\n`)
    .join('\n');
}

// `npx vitest run --project integration readme -u` writes it anew after a command has changed.
test('the README shows the help of every command as it is printed', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const parts = /^([^]*<!-- help -->\n)[^]*(<!-- \/help -->[^]*)$/.exec(readme);
  expect(parts).not.toBeNull();
  const [, before = '', after = ''] = parts ?? [];
  await expect(`${before}\n## Commands\n\n${commandReference()}\n${after}`).toMatchFileSnapshot(
    '../../README.md',
  );
});

test('no path of the machine that wrote it stands in the README', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).not.toContain(process.cwd());
});
