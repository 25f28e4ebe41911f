import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runInit } from '../../src/commands/init-act.ts';
import type { Prompts } from '../../src/commands/init-questions.ts';
import { createOutput } from '../../src/output.ts';
import { resolvePaths } from '../../src/system/paths.ts';
import { tempDir } from './temp-dir.ts';

export interface Said {
  readonly out: string;
  readonly err: string;
  readonly json: () => {
    readonly outcome: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly files: readonly { readonly path: string; readonly action: string }[];
  };
}

export interface Settings {
  readonly template?: readonly string[];
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly dir?: string;
  readonly frontendHost?: string;
  readonly apiHost?: string;
}

/** Runs `init` in this process, in a home of its own; answers what it said. */
export async function init(
  home: string,
  cwd: string,
  settings: Settings = {},
  prompts: Prompts | null = null,
): Promise<Said> {
  let out = '';
  let err = '';
  const output = createOutput(
    {
      writeOut: (text) => {
        out += text;
      },
      writeError: (text) => {
        err += text;
      },
      colourOut: false,
      colourError: false,
    },
    settings.json !== false,
  );
  const env = { HOME: home };
  await runInit(
    { dir: settings.dir ?? '.', template: settings.template ?? [], ...settings },
    {
      cwd,
      env,
      platform: 'linux',
      paths: resolvePaths('linux', env, home, cwd),
      owner: null,
      pid: process.pid,
      now: () => new Date(),
      self: { node: process.execPath, script: '/jwt-dev.js', typed: 'npx jwt-dev', args: [] },
      output,
      version: '1.2.3',
    },
    prompts,
  );
  return { out, err, json: () => JSON.parse(out) as ReturnType<Said['json']> };
}

/** A home with an empty project in it. */
export async function world() {
  const home = await tempDir();
  const dir = path.join(home, 'app');
  await mkdir(dir);
  return { home, dir, write: (name: string, text: string) => write(path.join(dir, name), text) };
}

export async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
