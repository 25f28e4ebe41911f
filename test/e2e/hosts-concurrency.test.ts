import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HostsPlayground, makePlayground, runCli } from '../helpers/hosts-cli.ts';

const ROUNDS = Number(process.env['HOSTS_ROUNDS'] ?? 5);
const ORIGINAL = '127.0.0.1\tlocalhost # keep me\r\n::1 localhost\n10.0.0.5 db.internal db';

/** Four projects with two configurations each: eight processes, of which each two want the same block. */
const PROJECTS = ['shop', 'blog', 'wiki', 'game'] as const;
const VERSIONS = ['old', 'new'] as const;

describe(`eight processes that apply different configurations at once, ${ROUNDS} times`, () => {
  it('give a result that some order explains, and lose nothing', async () => {
    const playground = await makePlayground(ORIGINAL);
    try {
      const configs = await Promise.all(
        PROJECTS.flatMap((project) =>
          VERSIONS.map((version) => playground.addConfig(project, `${version}-${project}`)),
        ),
      );
      for (let round = 1; round <= ROUNDS; round += 1) {
        const results = await Promise.all(
          configs.map((config, index) =>
            // Two homes: also users who share no state directory must not run into each other.
            runCli(
              path.join(playground.home, String(index % 2)),
              'hosts',
              '--apply',
              '--file',
              playground.file,
              '--config',
              config,
            ),
          ),
        );
        for (const result of results) expect(result, result.stderr).toMatchObject({ exitCode: 0 });
        const text = await readFile(playground.file, 'latin1');
        expect(explain(text), `round ${round}\n${text}`).toEqual({
          foreign: ORIGINAL,
          projects: [...PROJECTS].toSorted(),
          whole: true,
        });
        expect(await readdir(path.dirname(playground.file))).toEqual([path.basename(playground.file)]);
      }
      await removeAll(playground);
      expect(await readFile(playground.file, 'latin1')).toBe(ORIGINAL);
    } finally {
      await playground.remove();
    }
  }, 900_000);
});

/** What is in the file: the foreign part, one block for each project, and each block from one configuration. */
function explain(text: string): { foreign: string; projects: string[]; whole: boolean } {
  const projects: string[] = [];
  let whole = true;
  const rest = text.replaceAll(
    /# >>> jwt-dev (\w+)-[0-9a-f]{10}(?: [^\r\n]*)? >>>\r?\n([^]*?)# <<< jwt-dev \1-[0-9a-f]{10} <<<\r?\n/g,
    (_, project: string, body: string) => {
      projects.push(project);
      const entries = body.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
      whole &&= VERSIONS.some((version) => {
        const name = `${version}-${project}.example.com`;
        return (
          entries.join() ===
          [`127.0.0.1 ${name}`, `::1 ${name}`, `127.0.0.1 api.${name}`, `::1 api.${name}`].join()
        );
      });
      return '';
    },
  );
  // The line break that the last foreign line had to be given.
  return { foreign: rest.replace(/\r?\n$/, ''), projects: projects.toSorted(), whole };
}

async function removeAll(playground: HostsPlayground): Promise<void> {
  const result = await runCli(playground.home, 'hosts', '--remove', '--all', '--file', playground.file);
  expect(result, result.stderr).toMatchObject({ exitCode: 0 });
}
