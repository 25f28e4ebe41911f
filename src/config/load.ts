import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, JwtDevError, messageOf } from '../errors.ts';
import { exists } from '../system/files.ts';
import { defaultHostsFile, type Paths } from '../system/paths.ts';
import { projectStateDir } from '../system/project-dir.ts';
import { CONFIG_FILE_NAME } from './defaults.ts';
import { type ConfigOverrides, type Resolved, type ResolveInput, resolveConfig } from './resolve.ts';

interface World {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly paths: Paths;
}

/**
 * Finds, reads and resolves the configuration.
 * @param file what `--config` says; else JWT_DEV_CONFIG; else the nearest file upward; else the defaults.
 * @throws JwtDevError ERR_CONFIG_UNREADABLE (missing, unreadable, not JSON), ERR_CONFIG_INVALID.
 */
export async function loadConfig(
  world: World,
  file: string | undefined,
  overrides: ConfigOverrides,
): Promise<Resolved> {
  const named = file ?? (world.env['JWT_DEV_CONFIG'] || undefined);
  const found = named === undefined ? await findUpward(world.cwd) : path.resolve(world.cwd, named);
  const projectDir = await realpath(found === null ? world.cwd : path.dirname(found)).catch(
    (error: unknown) => {
      throw unreadable(found ?? world.cwd, error);
    },
  );
  return resolve(world, {
    raw: found === null ? undefined : await readJson(found),
    file: found,
    projectDir,
    overrides,
    env: world.env,
  });
}

/**
 * Whether a configuration file with this content would be accepted, beside what the environment says.
 * @throws JwtDevError ERR_CONFIG_INVALID
 */
export function checkConfig(world: World, file: string, content: unknown): void {
  resolve(world, { raw: content, file, projectDir: path.dirname(file), overrides: {}, env: world.env });
}

function resolve(world: World, input: Omit<ResolveInput, 'stateDir' | 'defaultHostsFile'>): Resolved {
  return resolveConfig({
    ...input,
    stateDir: projectStateDir(world.paths, input.projectDir),
    defaultHostsFile: defaultHostsFile(world.platform, world.env),
  });
}

async function findUpward(start: string): Promise<string | null> {
  for (let dir = start; ; dir = path.dirname(dir)) {
    const candidate = path.join(dir, CONFIG_FILE_NAME);
    if (await exists(candidate)) return candidate;
    if (path.dirname(dir) === dir) return null;
  }
}

async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw unreadable(file, error);
  }
  try {
    // Editors on Windows write a byte order mark; JSON.parse refuses it (RFC 8259, section 8.1 lets us ignore it).
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new JwtDevError(
      'ERR_CONFIG_UNREADABLE',
      `${file} is not JSON: ${jsonMistake(text, messageOf(error))}`,
      {
        cause: error,
        hint: 'Comments and trailing commas are not JSON. Correct the file, or write a new one with: jwt-dev init --force',
      },
    );
  }
}

/** V8 names a position (and on newer versions line and column); people look for a line. */
function jsonMistake(text: string, message: string): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position === undefined || /line \d+/.test(message)) return message;
  const before = text.slice(0, Number(position)).split('\n');
  return `${message} (line ${before.length}, column ${(before.at(-1) ?? '').length + 1})`;
}

function unreadable(file: string, error: unknown): JwtDevError {
  const why = errnoOf(error) === 'ENOENT' ? 'there is no such file' : messageOf(error);
  return new JwtDevError('ERR_CONFIG_UNREADABLE', `Cannot read ${file}: ${why}`, {
    cause: error,
    hint: 'Name another file with --config FILE, or write one with: jwt-dev init',
  });
}
