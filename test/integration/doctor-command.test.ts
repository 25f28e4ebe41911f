import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DoctorOptions } from '../../src/commands/doctor.ts';
import { type DoctorAnswer, runDoctor } from '../../src/commands/doctor-act.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Context } from '../../src/context.ts';
import { claimInstance } from '../../src/control/instance.ts';
import { openControlServer } from '../../src/control/server.ts';
import type { DoctorWorld } from '../../src/doctor/types.ts';
import { commandWorld } from '../helpers/certs-context.ts';
import { snapshotTree } from '../helpers/certs-files.ts';
import { runningInstance } from '../helpers/doctor-facts.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A project whose hosts file, home and system root are below one directory. */
async function project(
  raw: Record<string, unknown> = {},
  change: { readonly env?: Record<string, string>; readonly confirm?: () => Promise<boolean> } = {},
) {
  const dir = await tempDir();
  await mkdir(path.join(dir, 'root'));
  await mkdir(path.join(dir, 'home'));
  await writeFile(path.join(dir, 'hosts'), '127.0.0.1 localhost\n');
  await writeFile(
    path.join(dir, 'jwt-dev.config.json'),
    JSON.stringify({ hosts: { file: 'hosts' }, ...raw }),
  );
  const doctor = async (options: DoctorOptions = {}, overrides: Partial<DoctorWorld> = {}) => {
    const world = await commandWorld(dir, { json: true, interactive: change.confirm !== undefined });
    const env = { ...world.context.env, ...change.env };
    const context = { ...world.context, env, confirm: change.confirm } as unknown as Context;
    const { config } = await loadConfig(context, undefined, {});
    const exitCode = await runDoctor(options, context, config, {
      lookUp: () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })),
      root: path.join(dir, 'root'),
      ...overrides,
    });
    const answer = JSON.parse(world.stdout()) as DoctorAnswer;
    const of = (id: string) => answer.findings.find((finding) => finding.id === id);
    return { exitCode, answer, of, stderr: world.stderr(), config };
  };
  return { dir, doctor };
}

async function listen(handler: http.RequestListener): Promise<number> {
  const server = http.createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('it changes nothing', async () => {
  const { dir, doctor } = await project();
  const before = await snapshotTree(dir);
  const { exitCode, answer } = await doctor();
  expect(await snapshotTree(dir)).toEqual(before);
  expect(exitCode).toBe(3);
  expect(answer.ok).toBe(false);
  expect(Object.values(answer.counts).reduce((sum, count) => sum + count)).toBe(answer.findings.length);
});

test('without a running environment the checks that need one say how to start it', async () => {
  const { of } = await (await project()).doctor();
  for (const id of ['R1', 'N7']) {
    expect(of(id)).toMatchObject({
      status: 'skip',
      evidence: ['nothing runs; start it: npx jwt-dev up'],
    });
  }
  expect(of('N1')).toMatchObject({ status: 'fail', severity: 'error', fix: 'npx jwt-dev hosts --apply' });
  expect(of('N4')?.evidence).toContainEqual(expect.stringContaining('lacks: 127.0.0.1 example.com'));
  expect(of('T1')).toMatchObject({ status: 'warn', fix: 'npx jwt-dev certs', remedy: 'certificates' });
});

test('--only looks at nothing else, and --strict counts warnings', async () => {
  const { doctor } = await project();
  const one = await doctor({ only: 'T1' });
  expect([one.exitCode, one.answer.findings.map(({ id }) => id)]).toEqual([0, ['T1']]);
  expect((await doctor({ only: 'T1', strict: true })).exitCode).toBe(3);
  expect((await doctor({ only: 'N9,N10', strict: true })).exitCode).toBe(0);
});

test('servers of the user are found, asked for the public name, and judged by their answer', async () => {
  const asked: (string | undefined)[] = [];
  const vite = await listen((request, response) => {
    asked.push(request.headers.host);
    response.writeHead(403).end(`Blocked request. This host ("${request.headers.host}") is not allowed.`);
  });
  const slow = new Date(Date.now() - 3_600_000).toUTCString();
  const django = await listen((_request, response) => {
    response.writeHead(404, { date: slow, 'strict-transport-security': 'max-age=60' }).end('not found');
  });
  const { of } = await (await project({ frontend: vite, api: { upstream: django } })).doctor({
    only: 'P4,P5,P6,T7,K9',
  });
  expect(asked).toEqual(['example.com']);
  expect(of('P4')).toMatchObject({
    status: 'ok',
    evidence: [`example.com: port ${vite} on 127.0.0.1`, `api.example.com: port ${django} on 127.0.0.1`],
  });
  expect(of('P5')).toMatchObject({
    status: 'fail',
    fix: expect.stringContaining("allowedHosts: ['example.com']") as string,
  });
  expect(of('P6')?.status).toBe('ok');
  expect(of('K9')?.evidence[1]).toMatch(/^api\.example\.com is 3\d{3} s behind this machine$/);
});

test('the settings of Node are read from the shell and from the process behind a port', async () => {
  const port = await listen((_request, response) => response.end());
  const { doctor } = await project({ frontend: port }, { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
  const { of } = await doctor({ only: 'T4,T5' }, { root: '/' });
  expect(of('T5')).toMatchObject({
    status: 'fail',
    evidence: ['this shell: NODE_TLS_REJECT_UNAUTHORIZED=0'],
  });
  expect(of('T4')?.evidence).toContainEqual(expect.stringMatching(new RegExp(`^process ${process.pid} `)));
});

test('the holder of the port is named where the port is not ours', async () => {
  const port = await listen((_request, response) => response.end());
  const { of } = await (await project({ listen: { httpsPort: port, httpPort: null } })).doctor(
    { only: 'P1' },
    { root: '/' },
  );
  expect(of('P1')).toMatchObject({
    status: 'fail',
    evidence: [expect.stringContaining(`${port} (https) is in use by process ${process.pid}, `) as string],
  });
});

test('a file that cannot be read is a finding, and the other checks go on', async () => {
  const { dir, doctor } = await project();
  await mkdir(path.join(dir, 'data/authorities/example.com/root.pem'), { recursive: true });
  const { of } = await doctor({ only: 'T1,T2,N9' });
  expect(of('T1')).toMatchObject({ status: 'fail', cause: 'What this check looks at cannot be read.' });
  expect(of('T2')?.status).toBe('fail');
  expect(of('N9')?.status).toBe('ok');
});

describe('a running environment', () => {
  async function start(stateDir: string, pid: number, health: { ok: boolean }) {
    const place = { stateDir, name: 'default' };
    const claim = await claimInstance(place, { pid, owner: null, logFile: null, now: () => new Date() });
    const control = await openControlServer({
      secret: claim.secret,
      routes: [
        {
          method: 'GET',
          path: '/health',
          open: true,
          answer: () => ({
            status: health.ok ? 200 : 503,
            body: { ...health, checks: [{ name: 'tls example.com', ok: health.ok, detail: 'refused' }] },
          }),
        },
      ],
      ports: { platform: 'linux', run: () => Promise.reject(new Error('not run')), procRoot: '/proc' },
      onError: () => undefined,
    });
    onTestFinished(control.close);
    const { facts } = runningInstance({ control: control.url });
    if (facts !== null) await claim.publish(facts);
  }
  test('is asked how it is', async () => {
    const { doctor } = await project();
    const { config } = await doctor({ only: 'R1' });
    const health = { ok: true };
    await start(config.stateDir, process.pid, health);
    expect((await doctor({ only: 'R1' })).of('R1')?.status).toBe('ok');
    health.ok = false;
    expect((await doctor({ only: 'R1' })).of('R1')).toMatchObject({
      status: 'fail',
      evidence: [expect.stringContaining('"default"') as string, 'tls example.com: refused'],
    });
    expect((await doctor({ only: 'R1', instance: 'other' })).of('R1')?.status).toBe('skip');
  });
});

describe('--fix', () => {
  test('makes certificates, tidies up and tightens, and leaves hosts and trust to the user', async () => {
    const { doctor } = await project();
    const { config } = await doctor({ only: 'N9' });
    const instances = path.join(config.stateDir, 'instances');
    await mkdir(instances, { recursive: true, mode: 0o700 });
    // A boot before this one: its processes are gone.
    const record = { ...runningInstance(), process: { ...runningInstance().process, pid: process.pid } };
    await writeFile(
      path.join(instances, 'default.json'),
      JSON.stringify({
        ...record,
        process: { ...record.process, boot: 'earlier', host: os.hostname() },
      }),
    );
    await chmod(config.stateDir, 0o755);
    const before = await doctor({ only: 'P7,P8,T1' });
    expect(before.answer.findings.map(({ status }) => status)).toEqual(['warn', 'warn', 'warn']);
    const { answer, stderr, exitCode } = await doctor({ fix: true, only: 'N4,P7,P8,T1' });
    expect(answer.fixed).toEqual([
      `Only you may enter ${config.stateDir} now`,
      `Removed the record of "default", whose process ${process.pid} is gone`,
      'The certificates of example.com are good now',
    ]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('Left to you: npx jwt-dev hosts --apply');
    const after = await doctor({ only: 'P7,P8,T1,T6' });
    expect(after.answer.findings.map(({ status }) => status)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(await readdir(instances)).toEqual([]);
    expect((await doctor({ fix: true, only: 'P7,P8,T1' })).answer.fixed).toEqual([]);
  });

  test('asks in a terminal, and a no changes nothing', async () => {
    let questions = 0;
    const { dir, doctor } = await project(
      {},
      {
        confirm: () => {
          questions += 1;
          return Promise.resolve(questions > 1);
        },
      },
    );
    const hosts = () => readFile(path.join(dir, 'hosts'), 'utf8');
    expect((await doctor({ fix: true, only: 'N4' })).answer.fixed).toEqual([]);
    expect(await hosts()).toBe('127.0.0.1 localhost\n');
    const { answer, of } = await doctor({ fix: true, only: 'N4' });
    expect(answer.fixed).toEqual([`${path.join(dir, 'hosts')} has the lines now`]);
    expect(of('N4')?.status).toBe('ok');
    expect(await hosts()).toContain('::1 api.example.com');
  });
});
