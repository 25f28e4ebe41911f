import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPortHolder } from '../../../src/system/port-holder.ts';
import type { Run, RunResult } from '../../../src/system/run.ts';

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000 100 0 0 10 0
   1: 0100007F:01BB 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0000 100 0 0 10 0
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000 100 0 0 10 0
`;

describe('On Linux', () => {
  let procRoot = '';
  const run: Run = () => Promise.reject(new Error('no command is run here'));

  beforeAll(async () => {
    procRoot = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-proc-'));
    await mkdir(path.join(procRoot, 'net'));
    await writeFile(path.join(procRoot, 'net', 'tcp'), TCP);
    for (const [pid, inode, command] of [
      ['12', '99', 'other\0'],
      ['34', '4711', 'node\0server.js\0--port\x00443\0'],
    ] as const) {
      await mkdir(path.join(procRoot, pid, 'fd'), { recursive: true });
      await symlink('/dev/null', path.join(procRoot, pid, 'fd', '0'));
      await symlink(`socket:[${inode}]`, path.join(procRoot, pid, 'fd', '3'));
      await writeFile(path.join(procRoot, pid, 'cmdline'), command);
    }
    await mkdir(path.join(procRoot, '56'));
  });
  afterAll(() => rm(procRoot, { recursive: true }));

  test('the holder is found by its socket', async () => {
    expect(await findPortHolder(443, { platform: 'linux', procRoot, run })).toEqual({
      pid: 34,
      command: 'node server.js --port 443',
    });
  });

  test('a socket whose process cannot be seen has no holder', async () => {
    expect(await findPortHolder(80, { platform: 'linux', procRoot, run })).toBeUndefined();
    expect(await findPortHolder(81, { platform: 'linux', procRoot, run })).toBeUndefined();
    expect(
      await findPortHolder(80, { platform: 'linux', procRoot: `${procRoot}/none`, run }),
    ).toBeUndefined();
  });
});

function answering(answers: Readonly<Record<string, string>>): { run: Run; asked: string[] } {
  const asked: string[] = [];
  const run: Run = (file, args) => {
    asked.push([file, ...args].join(' '));
    const result: RunResult = {
      exitCode: 0,
      stdout: answers[file] ?? '',
      stderr: '',
      errno: undefined,
      timedOut: false,
    };
    return Promise.resolve(result);
  };
  return { run, asked };
}

test('On macOS lsof is asked', async () => {
  const { run, asked } = answering({ lsof: 'p501\ncnginx\nf6\n' });
  expect(await findPortHolder(443, { platform: 'darwin', procRoot: '', run })).toEqual({
    pid: 501,
    command: 'nginx',
  });
  expect(asked).toEqual(['lsof -nP -iTCP:443 -sTCP:LISTEN -Fpc']);
  const { run: silent } = answering({});
  expect(await findPortHolder(443, { platform: 'darwin', procRoot: '', run: silent })).toBeUndefined();
});

test('On Windows netstat and tasklist are asked, in whatever language', async () => {
  const { run } = answering({
    netstat:
      '  Proto  Lokale Adresse  Remoteadresse  Status  PID\r\n' +
      '  TCP    0.0.0.0:4430    0.0.0.0:0      ABHÖREN   1\r\n' +
      '  TCP    127.0.0.1:443   127.0.0.1:5000 HERGESTELLT 2\r\n' +
      '  TCP    [::]:443        [::]:0         ABHÖREN   4\r\n',
    tasklist: '"System","4","Services","0","144 K"\r\n',
  });
  expect(await findPortHolder(443, { platform: 'win32', procRoot: '', run })).toEqual({
    pid: 4,
    command: 'System',
  });
  expect(await findPortHolder(44, { platform: 'win32', procRoot: '', run })).toBeUndefined();
});
