import path from 'node:path';

/**
 * PATH with the `node_modules/.bin` of the directory and of all its parents first, the nearest before the others, as
 * npm gives it to scripts (npm-run-script, "path"). Windows writes the variable's name in any case. Pure.
 */
export function withLocalPrograms(
  env: Readonly<Record<string, string>>,
  cwd: string,
  platform: NodeJS.Platform,
): Readonly<Record<string, string>> {
  const local = platform === 'win32' ? path.win32 : path.posix;
  const name =
    platform === 'win32' ? (Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'Path') : 'PATH';
  const folders: string[] = [];
  for (let dir = cwd; ; dir = local.dirname(dir)) {
    if (local.basename(dir) !== 'node_modules') folders.push(local.join(dir, 'node_modules', '.bin'));
    if (local.dirname(dir) === dir) break;
  }
  const inherited = env[name];
  return {
    ...env,
    [name]: [...folders, ...(inherited === undefined ? [] : [inherited])].join(local.delimiter),
  };
}
