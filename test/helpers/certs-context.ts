import path from 'node:path';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/types.ts';
import type { Context } from '../../src/context.ts';
import { createOutput } from '../../src/output.ts';
import { runCommand } from '../../src/system/run.ts';
import { cleanEnv } from './cli.ts';

/** The part of the context that the certificate commands see, and what they wrote. */
export interface CommandWorld {
  readonly context: Omit<Context, 'version' | 'input' | 'choose' | 'confirm' | 'onStopSignal' | 'exitNow'>;
  readonly config: Config;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** A world for a command whose home, project and files are below `dir`; the project's directory must exist. */
export async function commandWorld(
  dir: string,
  options: { readonly json?: boolean } & Partial<
    Pick<Context, 'isRoot' | 'interactive' | 'run' | 'platform' | 'now'>
  > = {},
): Promise<CommandWorld> {
  let stdout = '';
  let stderr = '';
  const output = createOutput(
    {
      writeOut: (text) => (stdout += text),
      writeError: (text) => (stderr += text),
      colourOut: false,
      colourError: false,
    },
    options.json ?? false,
  );
  const homeDir = path.join(dir, 'home');
  const context = {
    cwd: dir,
    env: cleanEnv(homeDir),
    platform: options.platform ?? 'linux',
    homeDir,
    paths: { dataDir: path.join(dir, 'data'), stateDir: path.join(dir, 'state') },
    isRoot: options.isRoot ?? false,
    owner: null,
    dropPrivileges: null,
    isDetached: false,
    pid: process.pid,
    interactive: options.interactive ?? false,
    self: { node: process.execPath, script: 'bin/jwt-dev.js', typed: 'npx jwt-dev', args: [] },
    output,
    run: options.run ?? runCommand,
    now: options.now ?? (() => new Date()),
  };
  const { config } = await loadConfig(context, undefined, {});
  return { context, config, stdout: () => stdout, stderr: () => stderr };
}
