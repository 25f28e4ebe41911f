import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type CliResult, cleanEnv } from './cli.ts';

/**
 * Runs the command line where the machine's resolver knows what it is told here and nothing else: hosts file and name server
 * are others in a mount namespace of this command's own. The machine's are never touched.
 */
export async function runWithNames(
  hosts: string,
  args: readonly string[],
  { bin, cwd }: { readonly bin: string; readonly cwd: string },
): Promise<CliResult> {
  const [hostsFile, resolver] = [path.join(cwd, 'private-hosts'), path.join(cwd, 'private-resolv.conf')];
  await writeFile(hostsFile, `127.0.0.1 localhost\n${hosts}`);
  // Nobody answers there, at once.
  await writeFile(resolver, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
  const flags = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
  const inside = `mount --bind '${hostsFile}' /etc/hosts && mount --bind '${resolver}' /etc/resolv.conf && exec "$@"`;
  const child = spawn('unshare', [...flags, 'sh', '-c', inside, 'sh', process.execPath, bin, ...args], {
    cwd,
    env: cleanEnv(cwd),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exitCode, stdout, stderr };
}
