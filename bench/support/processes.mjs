// The programs that a bench starts, with what they use of the machine. All of them end with the bench.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Of Linux on every common architecture: the unit of utime and stime. */
const TICKS_PER_SECOND = 100;

const running = new Set();
const directories = new Set();

/** A directory that is removed at the end. */
export function temporaryDirectory() {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'jwt-dev-bench-'));
  directories.add(directory);
  return directory;
}

/** Starts a program; its output is kept for the case that it fails. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  running.add(child);
  child.log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      child.log = `${child.log}${chunk}`.slice(-4000);
    });
  }
  child.once('error', (error) => {
    child.log += error.message;
  });
  child.once('close', () => running.delete(child));
  return child;
}

/** Runs a program to its end and answers its standard output. */
export async function run(command, args, options = {}) {
  const child = start(command, args, options);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${child.log}`);
  return output;
}

export async function stop(child) {
  if (!running.has(child)) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  await closed;
}

/** Ends everything and removes what was written. */
export async function stopAll() {
  await Promise.all([...running].map(stop));
  removeDirectories();
}

function removeDirectories() {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}

/** Runs a bench: whatever happens in it, nothing of it is left. */
export async function bench(body) {
  // A failure that nobody waited for ends this process at once.
  process.once('exit', () => {
    for (const child of running) child.kill('SIGKILL');
    removeDirectories();
  });
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      void stopAll().then(() => process.exit(1));
    });
  }
  try {
    await body();
  } finally {
    await stopAll();
  }
}

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Until a program that was just started accepts connections. */
export async function untilListening(child, port) {
  const deadline = performance.now() + 15_000;
  while (!(await accepts(port))) {
    if (!running.has(child) || performance.now() > deadline) {
      throw new Error(`${child.spawnfile} does not listen on port ${port}:\n${child.log}`);
    }
    await sleep(50);
  }
}

async function accepts(port) {
  const socket = net.connect(port, '127.0.0.1');
  const outcome = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return outcome;
}

/** Milliseconds of CPU that a process and its descendants have used, in user and system mode. */
export function cpuMs(pid) {
  const ticks = family(pid).reduce((sum, { utime, stime }) => sum + utime + stime, 0);
  return (ticks / TICKS_PER_SECOND) * 1000;
}

/** Resident memory of a process and its descendants, in bytes. */
export function residentBytes(pid) {
  return family(pid).reduce((sum, { pid: member }) => {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${member}/status`, 'utf8'))?.[1];
    return sum + Number(kib ?? 0) * 1024;
  }, 0);
}

function family(pid) {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)));
  const members = all.filter((one) => one.pid === pid);
  for (const member of members) members.push(...all.filter((one) => one.parent === member.pid));
  return members;
}

function readStat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the command, in parentheses, may hold anything; behind it come state, parent and so on.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid, parent: Number(fields[1]), utime: Number(fields[11]), stime: Number(fields[12]) }];
  } catch (error) {
    // It has ended since the directory was read.
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return [];
    throw error;
  }
}
