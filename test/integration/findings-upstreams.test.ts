import { mkdtemp, rm } from 'node:fs/promises';
import http, { type RequestListener } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import type { StoredFinding } from '../../src/environment/watch/finding-store.ts';
import { ask } from '../helpers/findings-client.ts';
import { type FindingsEnvironment, startFindings } from '../helpers/findings-environment.ts';
import { listenOn } from '../helpers/proxy-fixture.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), 'jwt-dev-findings-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const fine: RequestListener = (_request, response) => response.end('fine');

async function start(setting: Partial<Parameters<typeof startFindings>[0]>): Promise<FindingsEnvironment> {
  const environment = await startFindings({ dir, api: fine, ...setting });
  onTestFinished(() => environment.close());
  return environment;
}

/** What was found, once there is something. */
async function found(environment: FindingsEnvironment): Promise<readonly StoredFinding[]> {
  return vi.waitFor(
    async () => {
      const findings = await environment.take();
      expect(findings).not.toEqual([]);
      return findings;
    },
    { timeout: 10_000 },
  );
}

test('JD601: a dev server that refuses the host, each time, with the fix for its own settings', async () => {
  const environment = await start({
    frontend: (_request, response) => {
      response.writeHead(403, { 'content-type': 'text/plain' });
      response.end('Blocked request. This host ("example.com") is not allowed.');
    },
  });
  for (let round = 0; round < 2; round += 1) {
    expect(await ask(environment.frontend, environment.caFile, '/')).toBe(403);
    expect(await found(environment)).toMatchObject([
      {
        code: 'JD601',
        host: 'example.com',
        evidence: expect.stringMatching(/^Vite at 127\.0\.0\.1:\d+ refuses requests for example\.com\.$/),
        fixes: [{ place: 'Vite', text: expect.stringContaining("allowedHosts: ['example.com']") }],
      },
    ]);
  }
});

test('JD602: an upstream on ::1 alone', async () => {
  const server = http.createServer(fine);
  onTestFinished(() => void server.close());
  const environment = await start({ apiPort: await listenOn(server, '::1') });
  expect(await ask(environment.api, environment.caFile, '/')).toBe(200);
  expect(await found(environment)).toMatchObject([{ code: 'JD602', host: 'api.example.com' }]);
});

test('JD603: an upstream that is not there, and one that closes the connection', async () => {
  const gone = http.createServer(fine);
  const apiPort = await listenOn(gone);
  await new Promise((resolve) => gone.close(resolve));
  const environment = await start({ apiPort, frontend: (request) => request.socket.destroy() });
  expect(await ask(environment.api, environment.caFile, '/')).toBe(502);
  expect(await found(environment)).toMatchObject([
    { code: 'JD603', host: 'api.example.com', evidence: expect.stringContaining('Nothing answers') },
  ]);
  expect(await ask(environment.frontend, environment.caFile, '/')).toBe(502);
  expect(await found(environment)).toMatchObject([
    { code: 'JD603', host: 'example.com', evidence: expect.stringContaining('closed the connection') },
  ]);
});

test('JD460: HSTS, which the browser does not get', async () => {
  const environment = await start({
    api: (_request, response) => {
      response.setHeader('strict-transport-security', 'max-age=31536000').end();
    },
  });
  await ask(environment.api, environment.caFile, '/');
  expect(await found(environment)).toMatchObject([
    { code: 'JD460', host: 'api.example.com', evidence: expect.stringContaining('max-age=31536000') },
  ]);
});

test('a canary of our own is none of the cookies that the rules count', async () => {
  const environment = await start({});
  await ask(environment.api, environment.caFile, '/', { cookie: '__jwtdev=1; __jwtdev=1' });
  expect(await environment.take()).toEqual([]);
});
