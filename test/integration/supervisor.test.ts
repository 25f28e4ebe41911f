import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { FIRST_DELAY_MS } from '../../src/supervisor/restart-policy.ts';
import { buildGuard } from '../helpers/guard-build.ts';
import { childrenOf, isAlive, parentOf, processesWith } from '../helpers/processes.ts';
import { hastyTimers, type Supervised, supervised } from '../helpers/supervised.ts';
import { tempDir } from '../helpers/temp-dir.ts';

let guard: readonly string[] = [];
let removeGuard = async (): Promise<void> => undefined;
beforeAll(async () => {
  const built = await buildGuard();
  guard = built.program;
  removeGuard = built.remove;
});
afterAll(() => removeGuard());

/** node -e … as a list, so that no shell has a say in its quotes. */
const script = (code: string): readonly string[] => [process.execPath, '-e', code];
const SERVE = `require('http').createServer((q, r) => r.end('hello')).listen(process.env.PORT, '127.0.0.1');`;
const STAY = 'setInterval(() => undefined, 1000);';
const gone = ({ marker }: Supervised): void => expect(processesWith(marker)).toEqual([]);

describe('a server', () => {
  test('is told its port, is known to listen, and answers', async () => {
    const one = await supervised(guard, script(SERVE));
    expect(await one.command.whenListening()).toBe(true);
    expect(one.command.facts()).toMatchObject({ state: 'running', lastExit: null, pid: expect.any(Number) });
    const answer = await fetch(`http://127.0.0.1:${one.command.port()}/`);
    expect(await answer.text()).toBe('hello');
    expect(one.ports).toEqual([one.command.port()]);
    await one.command.close(5_000);
    gone(one);
    expect(one.command.facts()).toMatchObject({ state: 'stopped', pid: null });
    expect(one.warnings).toEqual([]);
  });

  test('that listens on ::1 only is known to listen', async () => {
    const one = await supervised(guard, script(SERVE.replace('127.0.0.1', '::1')));
    expect(await one.command.whenListening()).toBe(true);
  });

  test('that ignores PORT and prints its address is found there', async () => {
    const one = await supervised(
      guard,
      script(`
        const server = require('http').createServer().listen(0, '127.0.0.1', () =>
          console.log('  Local:   http://localhost:' + server.address().port + '/'));
        require('net').createServer().listen(0, '127.0.0.1');`),
    );
    expect(await one.command.whenListening()).toBe(true);
    const printed = /:(\d+)\//.exec(one.lines[0] ?? '')?.[1];
    expect(one.command.port()).toBe(Number(printed));
  });

  test('that ignores PORT and prints nothing is found where it listens', async () => {
    const file = path.join(await tempDir(), 'port');
    const one = await supervised(
      guard,
      script(`
        const server = require('http').createServer().listen(0, '127.0.0.1', () =>
          require('fs').writeFileSync(${JSON.stringify(file)}, String(server.address().port)));`),
    );
    expect(await one.command.whenListening()).toBe(true);

    expect(one.command.port()).toBe(Number(await readFile(file, 'utf8')));
  });

  test('on another port than the configured one is not taken for it, and the user is told', async () => {
    const one = await supervised(guard, script(SERVE.replace('process.env.PORT', '0')), {
      portIsFixed: true,
    });
    await vi.waitFor(() => expect(one.warnings[0]).toMatch(/listens on port \d+, not on \d+/), 10_000);
    expect(one.command.facts().state).toBe('starting');
  });

  test('that ends after it has served is started again, also with exit code 0', async () => {
    const { timers, pauses } = hastyTimers();
    const once = SERVE.replace("r.end('hello')", "r.end('bye', () => process.exit(0))");
    const one = await supervised(guard, script(once), {}, { timers });
    await one.command.whenListening();
    const first = one.command.facts().pid;
    await fetch(`http://127.0.0.1:${one.command.port()}/`);
    await vi.waitFor(() => expect(one.ports).toHaveLength(2), 10_000);
    expect(one.command.facts().pid).not.toBe(first);
    expect(one.command.facts().lastExit).toBe('exit code 0');
    expect(pauses).toContain(FIRST_DELAY_MS);
    expect(one.warnings[0]).toContain('exit code 0; it is expected to keep running. It is started again');
  });
});

describe('a command that does not stay', () => {
  test('is started again and again, with longer and longer pauses', async () => {
    const { timers, pauses } = hastyTimers();
    const one = await supervised(guard, script('process.exit(3)'), {}, { timers });
    await vi.waitFor(() => expect(pauses.length).toBeGreaterThanOrEqual(8), 20_000);
    expect(pauses.slice(0, 8)).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(one.command.facts().lastExit).toBe('exit code 3');
    await one.command.close(0);
    const told = one.warnings.length;
    gone(one);
    expect(one.warnings).toHaveLength(told);
  });

  test('and ends with 0 before it listens is a task: it is told, and not started again', async () => {
    const one = await supervised(guard, script('console.log("built")'));
    expect(await one.command.whenListening()).toBe(false);
    expect(one.command.facts()).toMatchObject({
      state: 'stopped',
      lastExit: 'exit code 0',
      lastLines: ['built'],
    });
    expect(one.warnings).toEqual([expect.stringContaining('it is expected to keep running')]);
  });

  test('dies by a signal, which is named', async () => {
    const one = await supervised(guard, script('process.kill(process.pid, "SIGSEGV")'));
    await vi.waitFor(() => expect(one.command.facts().lastExit).toBe('SIGSEGV'), 10_000);
  });

  test('leaves no process of its own behind before the next start', async () => {
    const one = await supervised(guard, `${process.execPath} -e '${STAY}' & sleep 1; exit 1`);
    await vi.waitFor(() => expect(processesWith(one.marker).length).toBeGreaterThan(1), 10_000);
    const before = processesWith(one.marker);
    await vi.waitFor(() => expect(one.warnings).toHaveLength(1), 10_000);
    expect(before.filter(isAlive)).toEqual([]);
  });
});

test('the workers of a server that crashed go with it, also those in sessions of their own', async () => {
  const worker = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(STAY)}], { detached: true, stdio: 'ignore' });`;
  const one = await supervised(
    guard,
    script(`${worker} ${SERVE.replace("r.end('hello')", 'process.exit(1)')}`),
  );
  await one.command.whenListening();
  const before = processesWith(one.marker);
  expect(before).toHaveLength(2);
  await expect(fetch(`http://127.0.0.1:${one.command.port()}/`)).rejects.toThrow('fetch failed');
  await vi.waitFor(() => expect(one.warnings).toHaveLength(1), 10_000);
  expect(before.filter(isAlive)).toEqual([]);
});

test('also those of one that crashed before it listened', async () => {
  const worker = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(STAY)}], { detached: true, stdio: 'ignore' });`;
  const one = await supervised(guard, script(`${worker} setTimeout(() => process.exit(1), 600);`));
  await vi.waitFor(() => expect(processesWith(one.marker)).toHaveLength(2), { timeout: 10_000, interval: 5 });
  const before = processesWith(one.marker);
  await vi.waitFor(() => expect(one.warnings).toHaveLength(1), 10_000);
  expect(before.filter(isAlive)).toEqual([]);
});

test('what made itself independent of a command, as editors and daemons do, outlives it', async () => {
  const stay = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(STAY)}], { detached: true, stdio: 'ignore' }).unref();`;
  const launcher = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(stay)}], { stdio: 'ignore' });`;
  const one = await supervised(guard, script(`${launcher} ${SERVE}`));
  await one.command.whenListening();
  const server = one.command.facts().pid;
  const independent = (): readonly number[] =>
    processesWith(one.marker).filter(
      (pid) => pid !== server && !processesWith(one.marker).includes(parentOf(pid)),
    );
  await vi.waitFor(() => expect(independent()).toHaveLength(1), 10_000);
  const expected = independent();
  await one.command.close(5_000);
  const left = processesWith(one.marker);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  expect(left).toEqual(expected);
});

describe('a command that cannot be started', () => {
  test.each<[string, Parameters<typeof supervised>[1], object, RegExp]>([
    ['a program that is not there', ['no-such-program-7461'], {}, /there is no such program/],
    ['a line that the shell cannot run', 'no-such-program-7461', {}, /the shell could not run it/],
    ['a directory that is not there', 'true', { cwd: '/no/such/directory' }, /there is no directory/],
    ['a directory that is a file', 'true', { cwd: process.execPath }, /is not a directory/],
  ])('%s: said once, with a hint, and tried every 10 s', async (_what, command, spec, message) => {
    const { timers, pauses } = hastyTimers();
    const one = await supervised(guard, command, spec, { timers });
    await vi.waitFor(() => expect(pauses.filter((ms) => ms === 10_000).length).toBeGreaterThan(2), 20_000);
    expect(one.warnings).toHaveLength(1);
    expect(one.warnings[0]).toMatch(message);
    expect(one.lines.length).toBeLessThanOrEqual(1);
    expect(one.command.facts().state).not.toBe('running');
    await one.command.close(0);
    gone(one);
  });

  test('runs as soon as what it needs is there', async () => {
    const dir = path.join(await tempDir(), 'later');
    const { timers } = hastyTimers();
    const one = await supervised(guard, 'node server.cjs', { cwd: dir }, { timers });
    await vi.waitFor(() => expect(one.warnings).toHaveLength(1), 10_000);
    await mkdir(dir);
    await writeFile(path.join(dir, 'server.cjs'), SERVE);
    expect(await one.command.whenListening()).toBe(true);
  });
});

describe('what a command is given', () => {
  test('its directory, its environment and nothing else, and an input that stays open', async () => {
    const dir = await realpath(await tempDir());
    const one = await supervised(
      guard,
      script(`
        process.stdin.on('end', () => console.log('input ended')).resume();
        console.log(process.cwd(), JSON.stringify(Object.keys(process.env).sort()));
        setTimeout(() => { console.log('still here'); ${SERVE} }, 300);`),
      { cwd: dir, env: { OWN: 'x' } },
    );
    await one.command.whenListening();
    expect(one.lines).toEqual([`${dir} ["OWN","PATH","PORT","TEST_MARK"]`, 'still here']);
  });

  test('a shell for a line, none for a list', async () => {
    const line = await supervised(guard, `echo "$OWN" | tr a-z A-Z; ${STAY_SHELL}`, {
      env: { OWN: 'shell' },
    });
    await vi.waitFor(() => expect(line.lines).toEqual(['SHELL']), 10_000);
    const list = await supervised(guard, ['echo', '$OWN | tr a-z A-Z']);
    await vi.waitFor(() => expect(list.lines).toEqual(['$OWN | tr a-z A-Z']), 10_000);
  });

  test('a session of its own: no signal of our terminal reaches it', async () => {
    const one = await supervised(guard, script(SERVE));
    await one.command.whenListening();
    const [watcher] = childrenOf(process.pid, guard[1] ?? '');

    const stat = await readFile(`/proc/${one.command.facts().pid}/stat`, 'utf8');
    const [, , group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    expect([Number(group), Number(session)]).toEqual([watcher, watcher]);
  });
});

const STAY_SHELL = 'while :; do sleep 1; done';

describe('its output', () => {
  test('comes in whole lines, whatever the pieces, and without control characters', async () => {
    const one = await supervised(
      guard,
      script(`
        const pieces = ['a', 'b\\n\\u001b[32mgr', '\\u001b[2Jeen\\u001b[0m\\n', Buffer.from([0xe2, 0x82]), Buffer.from([0xac, 0x0a, 0xff, 0x0a]), 'last'];
        const write = () => { const piece = pieces.shift(); if (piece === undefined) process.exit(1); process.stdout.write(piece, () => setTimeout(write, 20)); };
        write();`),
    );
    await vi.waitFor(
      () => expect(one.lines.slice(0, 5)).toEqual(['ab', 'green', '€', '\uFFFD', 'last']),
      10_000,
    );
  });

  test('keeps its colours where they are wanted', async () => {
    const one = await supervised(guard, ['printf', '\\033[32mgreen\\033[2J\\n'], {}, { colour: true });
    await vi.waitFor(() => expect(one.lines).toEqual(['\u001B[32mgreen\u001B[0m']), 10_000);
    expect(one.command.facts().lastLines).toEqual(['green']);
  });

  test('is remembered: the newest 50 lines of both streams', async () => {
    const one = await supervised(
      guard,
      script(`for (let i = 0; i < 60; i += 1) console.error('line ' + i); ${SERVE}`),
    );
    await one.command.whenListening();
    await vi.waitFor(() => expect(one.lines).toHaveLength(60), 10_000);
    const { lastLines } = one.command.facts();
    expect([lastLines.length, lastLines[0], lastLines.at(-1)]).toEqual([50, 'line 10', 'line 59']);
  });
});

describe('the end', () => {
  test('comes by SIGTERM, which a server may take its time for', async () => {
    const one = await supervised(
      guard,
      script(
        `process.on('SIGTERM', () => setTimeout(() => { console.log('clean'); process.exit(); }, 200)); ${SERVE}`,
      ),
    );
    await one.command.whenListening();
    await one.command.close(5_000);
    expect(one.lines).toEqual(['clean']);
    gone(one);
  });

  test('comes by SIGKILL at the deadline for who ignores SIGTERM', async () => {
    const one = await supervised(guard, script(`process.on('SIGTERM', () => console.log('no')); ${SERVE}`));
    await one.command.whenListening();
    await one.command.close(300);
    expect(one.lines).toEqual(['no']);
    gone(one);
  });

  test('comes for grandchildren in sessions of their own, also for those that ignore SIGTERM', async () => {
    const deaf = `process.on('SIGTERM', () => undefined); ${STAY}`;
    const one = await supervised(
      guard,
      script(`
        require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(deaf)}], { detached: true, stdio: 'ignore' });
        ${SERVE}`),
    );
    await one.command.whenListening();
    await vi.waitFor(() => expect(processesWith(one.marker)).toHaveLength(2), 10_000);
    await one.command.close(300);
    gone(one);
  });

  test('comes while it waits to be started again, and while it is being started', async () => {
    const waiting = await supervised(guard, script('process.exit(1)'));
    await vi.waitFor(() => expect(waiting.command.facts().state).toBe('waiting to restart'), 10_000);
    await waiting.command.close(5_000);
    const starting = await supervised(guard, script(SERVE));
    await starting.command.close(5_000);
    expect(await starting.command.whenListening()).toBe(false);
    gone(waiting);
    gone(starting);
  });

  test('of its guard, by whatever signal, is not the end of the command', async () => {
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const one = await supervised(guard, script(SERVE));
      await one.command.whenListening();
      const before = processesWith(one.marker);
      const stat = await readFile(`/proc/${one.command.facts().pid}/stat`, 'utf8');
      process.kill(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]), signal);
      await vi.waitFor(() => expect(one.ports).toHaveLength(2), 10_000);
      expect(before.filter(isAlive)).toEqual([]);
      expect(one.warnings).toHaveLength(1);
      await one.command.close(5_000);
      gone(one);
    }
  });
});
