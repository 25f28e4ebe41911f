import type { Config } from '../../src/config/types.ts';
import type { Context } from '../../src/context.ts';
import { createOutput } from '../../src/output.ts';
import { type HostsSandbox, recordingRun } from './hosts-world.ts';

export interface RecordedContext {
  readonly context: Context;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** A command's world without a terminal, in a sandbox: what the hosts commands use of it. */
export function makeContext(
  sandbox: HostsSandbox,
  overrides: Partial<Context> = {},
  json = false,
): RecordedContext {
  let stdout = '';
  let stderr = '';
  const output = createOutput(
    {
      writeOut: (text) => void (stdout += text),
      writeError: (text) => void (stderr += text),
      colourOut: false,
      colourError: false,
    },
    json,
  );
  const used: Partial<Context> = {
    cwd: sandbox.dir,
    env: {},
    platform: 'linux',
    homeDir: sandbox.stateDir,
    paths: { dataDir: sandbox.stateDir, stateDir: sandbox.stateDir },
    isRoot: true,
    owner: null,
    pid: process.pid,
    interactive: false,
    version: '0.0.0',
    self: { node: '/opt/node', script: '/opt/jwt-dev.js', typed: 'jwt-dev', args: [] },
    output,
    run: recordingRun().run,
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    confirm: async () => false,
    onStopSignal: () => () => undefined,
  };
  const context = { ...used, ...overrides } as Context;
  return { context, stdout: () => stdout, stderr: () => stderr };
}

/** The part of a configuration that the hosts feature reads; the rest is never touched by it. */
export function makeConfig(sandbox: HostsSandbox, overrides: Partial<Config['hosts']> = {}): Config {
  const upstream = { kind: 'bundled' } as const;
  const part: Pick<Config, 'file' | 'stateDir' | 'frontend' | 'api' | 'extraHosts' | 'hosts'> = {
    file: '/project/jwt-dev.config.json',
    stateDir: '/state/projects/project-0123456789',
    frontend: { hostname: 'example.com', upstream, paths: [] },
    api: { hostname: 'api.example.com', upstream, paths: [] },
    extraHosts: [],
    hosts: { file: sandbox.file, addresses: ['127.0.0.1', '::1'], apply: false, lease: false, ...overrides },
  };
  return part as Config;
}
