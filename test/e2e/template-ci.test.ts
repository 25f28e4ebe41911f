import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { processesOf } from '../helpers/processes.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { initProject, install } from '../helpers/template-project.ts';

/** Read as the CI services read it: by a YAML parser. */
async function readYaml(file: string): Promise<unknown> {
  const script = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1])), default=str))';
  const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', script, file]);
  return JSON.parse(stdout) as unknown;
}

interface Workflow {
  readonly jobs: { readonly e2e: { readonly steps: readonly { readonly run?: string }[] } };
}

interface GitlabCi {
  readonly e2e: { readonly before_script: readonly string[]; readonly script: readonly string[] };
}

/** What the machine has already is not installed again: certutil and a browser. */
const isForTheMachine = (line: string): boolean => /apt-get|playwright install/.test(line);

const services = [
  {
    name: 'github-actions',
    file: '.github/workflows/e2e.yml',
    commands: (content: unknown) => (content as Workflow).jobs.e2e.steps.flatMap(({ run }) => run ?? []),
  },
  {
    name: 'gitlab-ci',
    file: '.gitlab-ci.yml',
    commands: (content: unknown) => {
      const { before_script: before, script } = (content as GitlabCi).e2e;
      return [...before, ...script];
    },
  },
];

test.each(services)(
  '$name: its commands, run one after the other without root, pass the browser tests',
  async (ci) => {
    const home = await tempDir();
    const project = await initProject(home, ['vanilla', ci.name]);
    // The lock file that a project has in its repository.
    await install(project);
    const commands = ci.commands(await readYaml(path.join(project.dir, ci.file)));
    expect(commands.filter((line) => isForTheMachine(line))).toHaveLength(2);
    const outputs: string[] = [];
    for (const line of commands.filter((command) => !isForTheMachine(command)))
      outputs.push(await project.sh(line));
    expect(outputs).toHaveLength(3);
    expect(outputs.at(-1)).toContain('6 passed');
    expect(await processesOf(home)).toEqual([]);
  },
  300_000,
);
