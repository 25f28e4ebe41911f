import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The launcher of the packed and installed product: what a user runs. */
    installedBin: string;
    /** The packed product itself. */
    tarball: string;
  }
}

/** Packs the product and installs the tarball as a user would, once for all end-to-end tests. */
export default function setup(project: TestProject): () => void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const dir = mkdtempSync(path.join(os.tmpdir(), 'jwt-dev-e2e-'));
  // Tests also run it as a user without privileges.
  chmodSync(dir, 0o755);
  const npm = (args: readonly string[], cwd: string): void => {
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  npm(['pack', '--ignore-scripts', '--pack-destination', dir], root);
  const tarball = readdirSync(dir).find((name) => name.endsWith('.tgz'));
  writeFileSync(path.join(dir, 'package.json'), '{ "private": true }');
  npm(['install', '--prefer-offline', `./${tarball}`], dir);
  project.provide('tarball', path.join(dir, tarball ?? ''));
  project.provide('installedBin', path.join(dir, 'node_modules', 'jwt-dev', 'bin', 'jwt-dev.js'));
  return () => rmSync(dir, { recursive: true, force: true });
}
