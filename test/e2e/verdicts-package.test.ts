import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { expect, inject, onTestFinished, test } from 'vitest';
import { chromiumFile } from '../helpers/browser.ts';
import { cleanEnv } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** The same lines run in Node and in a page. */
const PROGRAM = `
const request = { url: 'https://api.example.com/auth/login/', method: 'POST', target: 'subresource',
  initiator: 'https://example.com', topLevel: 'https://example.com', credentials: true };
const judged = judgeSetCookie('jwt-access-token=x; Domain=other.test; Secure', request, 0);
const jar = createCookieJar({ thirdPartyCookies: 'allowed' });
jar.receive({ request, setCookie: ['a=1; Secure; HttpOnly; SameSite=Strict', 'b=2; Secure; Path=/other'] }, 0);
const fetched = { url: request.url, method: 'POST', headers: [['content-type', 'application/json']],
  pageOrigin: 'https://example.com', credentials: 'include', mode: 'cors', redirect: 'follow' };
const problem = checkAnswer(fetched, { status: 200, headers: [['access-control-allow-origin', '*']] });
const found = { reasons: judged.reasons, cookie: jar.send(request, 1000).cookieHeader,
  asks: needsPreflight(fetched), cors: problem.error,
  explained: explain('net::ERR_CERT_AUTHORITY_INVALID').map(({ code }) => code),
  codes: FINDING_CODES.length === Object.keys(FINDINGS).length };
`;
const NAMES =
  '{ judgeSetCookie, createCookieJar, checkAnswer, needsPreflight, explain, FINDINGS, FINDING_CODES }';
const FOUND = {
  reasons: ['InvalidDomain'],
  cookie: 'a=1',
  asks: { method: null, headers: ['content-type'] },
  cors: 'WildcardOriginNotAllowed',
  explained: ['JD301'],
  codes: true,
};

const modules = path.resolve(path.dirname(inject('installedBin')), '..', '..');

test('jwt-dev/verdicts runs in Node', async () => {
  const script = `import ${NAMES} from 'jwt-dev/verdicts'; ${PROGRAM} console.log(JSON.stringify(found));`;
  const stdout = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: path.dirname(modules),
    env: cleanEnv(await tempDir()),
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toEqual(FOUND);
});

test('and in a page, as it is', async () => {
  const imports = {
    'jwt-dev/verdicts': '/jwt-dev/dist/verdicts/entry.js',
    tldts: '/tldts/dist/index.esm.min.js',
  };
  const page = `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">import ${NAMES} from 'jwt-dev/verdicts'; ${PROGRAM} globalThis.found = found;</script>`;
  const server = http.createServer((request, response) => {
    const url = request.url ?? '/';
    if (url === '/') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
      return;
    }
    readFile(path.join(modules, url)).then(
      (bytes) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const home = await tempDir();
  const browser = await chromium.launch({
    executablePath: chromiumFile,
    env: cleanEnv(home),
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  });
  onTestFinished(() => browser.close());
  const tab = await browser.newPage();
  const errors: string[] = [];
  tab.on('pageerror', (error) => errors.push(error.message));
  await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await tab.waitForFunction('globalThis.found !== undefined || performance.now() > 20000');
  expect(errors).toEqual([]);
  expect(await tab.evaluate('globalThis.found')).toEqual(FOUND);
});
