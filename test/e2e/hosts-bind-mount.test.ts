import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostsPlayground, makePlayground, SCRIPT } from '../helpers/hosts-cli.ts';

const run = promisify(execFile);

const ORIGINAL = '127.0.0.1\tlocalhost # keep me\n10.0.0.5 db.internal db';

/**
 * Docker and others mount a file of theirs over /etc/hosts, and a rename onto a mount point fails (EBUSY). Here the
 * same is done in a mount namespace of our own, which ends with the test: the machine's file is never touched.
 */
describe.runIf(process.platform === 'linux')('a hosts file that is a bind mount', () => {
  let playground: HostsPlayground;
  beforeEach(async () => {
    playground = await makePlayground(ORIGINAL);
  });
  afterEach(() => playground.remove());

  async function inNamespace(script: string): Promise<string> {
    const flags = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
    const inside = `set -e; mount --bind "$FILE" /etc/hosts; ${script}`;
    const { stdout } = await run('unshare', [...flags, 'sh', '-c', inside], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: playground.home,
        JWT_DEV_HOME: playground.home,
        FILE: playground.file,
        NODE: process.execPath,
        SCRIPT,
        CI: 'true',
      },
    });
    return stdout;
  }

  it('is possible to make here: mount namespaces are allowed', async () => {
    // Said on its own, so that a machine that forbids them fails with this sentence and not with the others.
    await expect(inNamespace('cat /etc/hosts')).resolves.toBe(ORIGINAL);
  });

  it('is written in place, takes effect for getaddrinfo, and comes back to the byte', async () => {
    const { ino } = await stat(playground.file);
    const stdout = await inNamespace(
      '"$NODE" "$SCRIPT" hosts --apply --json; cp /etc/hosts "$HOME/applied"; "$NODE" "$SCRIPT" hosts --check --json; "$NODE" "$SCRIPT" hosts --remove --json',
    );
    const [applied, checked, removed] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(applied).toMatchObject({ file: '/etc/hosts', changed: true, applied: true });
    expect(applied?.['resolution']).toMatchObject([
      { hostname: 'example.com', reaches: 'us' },
      { hostname: 'api.example.com', reaches: 'us' },
    ]);
    const between = await readFile(path.join(playground.home, 'applied'), 'latin1');
    expect(between.startsWith(`${ORIGINAL}\n# >>> jwt-dev default `)).toBe(true);
    expect(checked).toMatchObject({ changed: false });
    expect(removed).toMatchObject({ changed: true, applied: true });
    expect(await readFile(playground.file, 'latin1')).toBe(ORIGINAL);
    expect((await stat(playground.file)).ino).toBe(ino);
  });

  it('is written in place also where its directory is read-only', async () => {
    const stdout = await inNamespace(
      'mount --bind "$(dirname "$FILE")" "$(dirname "$FILE")"; mount -o remount,ro,bind "$(dirname "$FILE")"; mount --bind /etc/hosts "$FILE"; ' +
        '"$NODE" "$SCRIPT" hosts --apply --json --file "$FILE"',
    );
    expect(JSON.parse(stdout)).toMatchObject({ changed: true, applied: true });
    expect(await readFile(playground.file, 'latin1')).toContain('\n127.0.0.1 example.com\n');
  });
});
