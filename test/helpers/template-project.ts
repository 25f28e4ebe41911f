import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { chromiumFile } from './browser.ts';
import { cleanEnv, runCli } from './cli.ts';

export interface TemplateProject {
  readonly dir: string;
  readonly home: string;
  /** Runs a line in a shell as CI does; answers its output, and throws with it where it fails. */
  readonly sh: (line: string, env?: Readonly<Record<string, string>>) => Promise<string>;
}

/** A project as `init` makes it in an empty directory, from the packed product, in a home of its own. */
export async function initProject(home: string, templates: readonly string[]): Promise<TemplateProject> {
  const args = templates.flatMap((name) => ['--template', name]);
  const made = await runCli(['init', 'app', '--yes', ...args], {
    bin: inject('installedBin'),
    cwd: home,
    env: cleanEnv(home),
  });
  if (made.exitCode !== 0) throw new Error(`init failed:\n${made.stderr}`);
  const dir = path.join(home, 'app');
  return {
    dir,
    home,
    sh: async (line, env = {}) => {
      try {
        const { stdout, stderr } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', line], {
          cwd: dir,
          maxBuffer: 64 * 1024 * 1024,
          env: cleanEnv(home, { CI: 'true', CHROMIUM: chromiumFile, ...npmSettings(), ...env }),
        });
        return stdout + stderr;
      } catch (error) {
        const { stdout, stderr } = error as { stdout: string; stderr: string };
        throw new Error(`${line} failed:\n${stdout}\n${stderr}`, { cause: error });
      }
    },
  };
}

/**
 * The packed product takes the place of the one that package.json names: it is not published. What npm installs for a
 * package.json is kept as long as the packed product, and copied into the next project that has the same one.
 */
export async function install({ dir, sh }: TemplateProject): Promise<void> {
  const wanted = await readFile(path.join(dir, 'package.json'));
  const kept = path.join(path.dirname(inject('tarball')), 'installed');
  const entry = path.join(kept, createHash('sha256').update(wanted).digest('hex'));
  if (existsSync(entry)) {
    await sh(`cp -a '${entry}/.' .`);
    return;
  }
  await sh(`npm install --prefer-offline --no-audit --no-fund --loglevel=error ${inject('tarball')}`);
  await mkdir(kept, { recursive: true });
  const draft = await mkdtemp(path.join(kept, 'draft-'));
  await sh(`cp -a package.json package-lock.json node_modules '${draft}'`);
  try {
    await rename(draft, entry);
  } catch (error) {
    // Of two that installed the same at once, the second one finds the place taken.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rm(draft, { recursive: true });
  }
}

/**
 * The template's browser tests, in which nobody looks at a trace: to record it takes as long as some of the tests. (The
 * CI templates' tests run the command as it stands in their files.)
 */
export const E2E = 'npm run e2e -- --trace off';

/** The machine's npm settings and cache, and the certificates that its registry may need: not under test. */
function npmSettings(): Record<string, string> {
  const home = process.env['HOME'] ?? '';
  const extraCa = process.env['NODE_EXTRA_CA_CERTS'];
  return {
    ...(extraCa === undefined ? {} : { NODE_EXTRA_CA_CERTS: extraCa }),
    npm_config_cache: process.env['npm_config_cache'] ?? path.join(home, '.npm'),
    npm_config_userconfig: process.env['npm_config_userconfig'] ?? path.join(home, '.npmrc'),
  };
}

/** Every file of a project but the installed packages, with its bytes. */
export async function snapshot(dir: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !path.relative(dir, file).startsWith('node_modules'));
  const contents = await Promise.all(
    files.map(async (file) => [path.relative(dir, file), await readFile(file, 'latin1')]),
  );
  return Object.fromEntries(contents) as Record<string, string>;
}
