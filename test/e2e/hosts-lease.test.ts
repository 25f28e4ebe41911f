import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type HostsPlayground, makePlayground, runCli, SCRIPT } from '../helpers/hosts-cli.ts';

const ORIGINAL = '127.0.0.1\tlocalhost # keep me\n';
const NAME = /^127\.0\.0\.1 shop\.example\.com$/m;

/** What `up` does with `"hosts": {"lease": true}`, and nothing else: holds a lease until it is told to end. */
const OWNER = `
  import { createContext, createProcessOutput } from ${JSON.stringify(moduleUrl('context.js'))};
  import { loadConfig } from ${JSON.stringify(moduleUrl('config/load.js'))};
  import { leaseHosts } from ${JSON.stringify(moduleUrl('commands/hosts-lease.js'))};
  const context = createContext(createProcessOutput([]));
  const [config, hostsFile] = process.argv.slice(1);
  const resolved = await loadConfig(context, config, { hostsFile });
  const lease = await leaseHosts(context, resolved.config);
  process.stdout.write('held\\n');
  process.stdin.once('data', async () => {
    await lease.close();
    process.stdin.destroy();
  });
`;

function moduleUrl(name: string): string {
  return new URL(`../dist/${name}`, `file://${SCRIPT}`).href;
}

describe('entries that are leased', () => {
  let playground: HostsPlayground;
  let config: string;
  const owners: ChildProcess[] = [];

  beforeEach(async () => {
    playground = await makePlayground(ORIGINAL);
    config = await playground.addConfig('project', 'shop');
  });
  afterEach(async () => {
    for (const owner of owners.splice(0)) owner.kill('SIGKILL');
    await vi.waitFor(async () => expect(await read()).not.toMatch(NAME), PATIENCE);
    await playground.remove();
  });

  const read = (): Promise<string> => readFile(playground.file, 'latin1');

  async function startOwner(): Promise<ChildProcess> {
    const owner = spawn(
      process.execPath,
      ['--input-type=module', '-e', OWNER, '--', config, playground.file],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: {
          PATH: process.env['PATH'] ?? '',
          HOME: playground.home,
          JWT_DEV_HOME: playground.home,
          CI: 'true',
        },
      },
    );
    owners.push(owner);
    const [line] = (await once(owner.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    expect(line.toString()).toBe('held\n');
    return owner;
  }

  it('are gone after a clean end', async () => {
    const owner = await startOwner();
    expect(await read()).toMatch(NAME);
    owner.stdin?.write('end\n');
    await once(owner, 'exit');
    expect(await read()).toBe(ORIGINAL);
  });

  it('are gone after the owner was killed, by a watchdog that outlives it', async () => {
    const owner = await startOwner();
    expect(await read()).toMatch(NAME);
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await vi.waitFor(async () => expect(await read()).toBe(ORIGINAL), PATIENCE);
  });

  it('stay as long as another environment of the project lives', async () => {
    const [first, second] = [await startOwner(), await startOwner()];
    first.stdin?.write('end\n');
    await once(first, 'exit');
    expect(await read()).toMatch(NAME);
    second.kill('SIGKILL');
    await once(second, 'exit');
    await vi.waitFor(async () => expect(await read()).toBe(ORIGINAL), PATIENCE);
  });

  it('stay when they were applied for good, before or during the lease', async () => {
    const apply = ['hosts', '--apply', '--file', playground.file, '--config', config];
    for (const when of ['before', 'during']) {
      if (when === 'before') await runCli(playground.home, ...apply);
      const owner = await startOwner();
      if (when === 'during') expect((await runCli(playground.home, ...apply)).exitCode).toBe(0);
      owner.stdin?.write('end\n');
      await once(owner, 'exit');
      expect(await read(), when).toMatch(NAME);
      await runCli(playground.home, 'hosts', '--remove', '--file', playground.file, '--config', config);
      expect(await read()).toBe(ORIGINAL);
    }
  });
});

/** Far more than the watchdog takes (it looks five times a second): this asks whether, not how fast. */
const PATIENCE = { timeout: 20_000, interval: 50 };
