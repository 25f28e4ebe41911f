import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import type { VerifyReport } from '../../src/environment/verify/types.ts';
import { mapHeader, type Passing, spoil, without } from '../helpers/api-spoiler.ts';
import { PASSWORD, startAuth } from '../helpers/auth-api.ts';
import { makeCertificates } from '../helpers/certs-files.ts';
import { type CliResult, cleanEnv, runCli, startUp } from '../helpers/cli.ts';
import { runWithNames } from '../helpers/private-names.ts';

// Ten faults that are planted one after the other: each must be found by its name, and end with exit code 3.

const bin = inject('installedBin');

async function home(): Promise<string> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-verify-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  await writeFile(path.join(dir, 'hosts'), '127.0.0.1 localhost\n');
  await writeFile(path.join(dir, 'jwt-dev.config.json'), JSON.stringify({ hosts: { file: 'hosts' } }));
  return dir;
}

async function up(cwd: string, args: readonly string[], extra: Readonly<Record<string, string>> = {}) {
  const running = await startUp(args, { bin, cwd, env: cleanEnv(cwd, extra) });
  onTestFinished(async () => void (await running.stop()));
  return running;
}

const verify = (cwd: string, ...args: readonly string[]): Promise<CliResult> =>
  runCli(['verify', '--json', ...args], { bin, cwd, env: cleanEnv(cwd) });

function read({ stdout, stderr }: CliResult): VerifyReport {
  expect([stdout === '', stderr]).toEqual([false, '']);
  return JSON.parse(stdout) as VerifyReport;
}

/** The first finding, which is the one that a person reads. */
function first(report: VerifyReport) {
  const [finding] = report.findings;
  return { ok: report.ok, code: finding?.code, evidence: finding?.evidence.join('\n') };
}

const ACCOUNT = ['--login', `alice:${PASSWORD}`];
const TOOLS = ['--client', 'node,curl'];

test('faults of a backend, of its clock and of trust', async () => {
  const cwd = await home();
  let skewMs = 0;
  let fault: (answer: Passing) => void = () => undefined;
  const now = (): Date => new Date(Date.now() + skewMs);
  const alice = {
    id: null,
    username: 'alice',
    email: 'alice@example.com',
    password: PASSWORD,
    firstName: '',
    lastName: '',
    isActive: true,
    extra: {},
  };
  const auth = await startAuth({ users: [alice] }, { now });
  const backend = await spoil(auth.base, (answer) => fault(answer));
  const environment = await up(cwd, ['--rootless', '--api', backend]);

  const good = await verify(cwd, ...TOOLS, ...ACCOUNT);
  expect(read(good)).toMatchObject({
    ok: true,
    clients: [
      { id: 'node', status: 'pass', reason: null },
      { id: 'curl', status: 'pass', reason: null },
    ],
    findings: [],
  });
  expect(good.exitCode).toBe(0);

  // Without a login a new user is registered, and where nobody can be, it says so.
  expect((await verify(cwd, '--client', 'curl')).exitCode).toBe(0);
  fault = (answer) => {
    if (answer.path.endsWith('/registration/')) answer.status = 404;
  };
  const nobody = await verify(cwd, '--client', 'curl');
  fault = () => undefined;
  expect([nobody.exitCode, nobody.stdout]).toEqual([2, expect.stringContaining('--login user:password')]);

  // No store of this home knows the CA.
  const strangers = await verify(cwd, '--client', 'chromium,node,curl', ...ACCOUNT, '--system-trust');
  const untrusted = read(strangers);
  expect([strangers.exitCode, ...untrusted.findings.map(({ code }) => code)]).toEqual([
    3,
    'JD301',
    'JD302',
    'JD303',
  ]);
  expect(untrusted.clients.map(({ id, status, reason }) => [id, status, reason?.slice(0, 5)])).toEqual([
    ['chromium', 'fail', 'JD301'],
    ['node', 'fail', 'JD302'],
    ['curl', 'fail', 'JD303'],
  ]);

  const planted = async (change: (answer: Passing) => void, clients = TOOLS) => {
    fault = change;
    const result = await verify(cwd, ...clients, ...ACCOUNT);
    fault = () => undefined;
    expect(result.exitCode).toBe(3);
    return read(result);
  };

  const wrongOrigin = await planted((answer) =>
    mapHeader(answer, 'access-control-allow-origin', () => 'https://www.example.com'),
  );
  expect(first(wrongOrigin)).toMatchObject({
    ok: false,
    code: 'JD203',
    evidence: expect.stringContaining('https://www.example.com') as string,
  });

  // A browser's login fails for it, and says so itself.
  const noCredentials = await planted(
    (answer) => {
      answer.headers = without(answer.headers, 'access-control-allow-credentials');
    },
    ['--client', 'chromium'],
  );
  expect(first(noCredentials)).toMatchObject({ ok: false, code: 'JD202' });
  expect(noCredentials.clients).toMatchObject([
    { id: 'chromium', status: 'fail', reason: expect.stringMatching(/^JD202 /) as string },
  ]);

  const plain = await planted((answer) =>
    mapHeader(answer, 'set-cookie', (value) => value.replace('; Secure', '')),
  );
  expect(first(plain)).toMatchObject({
    ok: false,
    code: 'K1',
    evidence: expect.stringContaining('jwt-access-token without Secure') as string,
  });

  const wrongPath = await planted((answer) => {
    if (answer.path.endsWith('/logout/')) {
      mapHeader(answer, 'set-cookie', (value) => value.replace('Path=/', 'Path=/auth/'));
    }
  });
  expect(first(wrongPath)).toMatchObject({ ok: false, code: 'JD404' });
  for (const { status, reason } of wrongPath.clients) {
    expect([status, reason]).toEqual(['fail', expect.stringMatching(/^JD404 .*GET user\/ answered 200/)]);
  }

  skewMs = 600_000;
  const skewed = await planted((answer) => {
    answer.headers = [...without(answer.headers, 'date'), ['date', now().toUTCString()]];
  });
  skewMs = 0;
  expect(first(skewed)).toMatchObject({
    ok: false,
    code: 'JD450',
    evidence: expect.stringContaining('ahead of') as string,
  });
  expect(environment.child.exitCode).toBeNull();
}, 240_000);

test('a backend that is not there', async () => {
  const cwd = await home();
  // Port 1 of loopback: nobody listens (tcpmux), and a test that listens gets none below 1024 by chance.
  await up(cwd, ['--rootless', '--api', '1']);
  const result = await verify(cwd, ...TOOLS);
  const report = read(result);
  expect([result.exitCode, first(report)]).toMatchObject([3, { ok: false, code: 'JD603' }]);
  for (const { reason } of report.clients) expect(reason).toMatch(/^JD603 .*answered 502/);
}, 120_000);

test('names that are not mapped, and names that another server answers for', async () => {
  const cwd = await home();
  const { ready } = await up(cwd, ['--https-port', '0', '--http-port', 'none']);
  const args = ['verify', '--json', ...TOOLS];

  const unmapped = await runWithNames('', args, { bin, cwd });
  expect([unmapped.exitCode, first(read(unmapped))]).toMatchObject([3, { ok: false, code: 'JD501' }]);
  for (const { reason } of read(unmapped).clients) expect(reason).toMatch(/^JD501 .*api\.example\.com/);

  const seen: string[] = [];
  const { material } = await makeCertificates(path.join(cwd, 'stranger'));
  const stranger = https
    .createServer({ key: material.keyPem, cert: material.chainPem }, (request, response) => {
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
      response.setHeader('server', 'nginx').end('a page');
    })
    .listen(ready.httpsPort, '127.0.0.2');
  await once(stranger, 'listening');
  onTestFinished(() => {
    stranger.closeAllConnections();
    stranger.close();
  });
  const taken = await runWithNames('127.0.0.2 example.com api.example.com\n', args, { bin, cwd });
  expect([taken.exitCode, first(read(taken))]).toMatchObject([
    3,
    {
      ok: false,
      code: 'JD501',
      evidence: expect.stringContaining(
        'another server answers with 200, which calls itself nginx',
      ) as string,
    },
  ]);
  for (const { reason } of read(taken).clients) expect(reason).toMatch(/^JD501 /);
  // Nobody's password was sent there.
  expect(seen.join('')).not.toContain('alice');
}, 120_000);

test('a certificate that has run out', async () => {
  const cwd = await home();
  // It was made forty days ago, for thirty.
  const earlier = `const Now = Date; const late = 40 * 864e5; globalThis.Date = class extends Now { constructor(...given) { if (given.length === 0) super(Now.now() - late); else super(...given); } static now() { return Now.now() - late; } };`;
  await up(cwd, ['--rootless'], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(earlier)}`,
  });
  const result = await verify(cwd, ...TOOLS);
  const report = read(result);
  expect([result.exitCode, first(report)]).toMatchObject([3, { ok: false, code: 'JD306' }]);
  for (const { reason } of report.clients) expect(reason).toMatch(/^JD306 .*expired/);
}, 120_000);
