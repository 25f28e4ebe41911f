import http from 'node:http';
import { performance } from 'node:perf_hooks';
import { brotliCompressSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { createInspector } from '../../src/environment/inspector/inspector.ts';
import { createTrafficWatch } from '../../src/environment/watch/traffic-watch.ts';
import { createWatch } from '../../src/verdicts/watch/create-watch.ts';
import { askHttp2 } from '../helpers/proxy-clients.ts';
import { HOSTNAMES, listenOn, portRoute, startProxy } from '../helpers/proxy-fixture.ts';

const LOGIN = '{"username":"alice","password":"hunter22"}';

test('what passes the real proxy is recorded with its findings, its cookies and its bodies', async () => {
  const upstream = http.createServer((request, response) => {
    request.resume();
    response.writeHead(200, [
      'Content-Type',
      'application/json',
      'Content-Encoding',
      'br',
      'Set-Cookie',
      'session=secret-value-1; Path=/; Secure; HttpOnly; SameSite=Lax',
      'Set-Cookie',
      'bad=1; SameSite=None',
      'Access-Control-Allow-Origin',
      'https://example.com',
      'Access-Control-Allow-Credentials',
      'true',
    ]);
    response.end(brotliCompressSync('{"access":"opaque-token-1","user":"alice"}'));
  });
  const upstreamPort = await listenOn(upstream);
  const settings = {
    frontendOrigin: 'https://example.com',
    apiOrigin: 'https://api.example.com',
    accessCookie: 'jwt-access-token',
    refreshCookie: 'jwt-refresh-token',
    hostnames: HOSTNAMES,
  };
  const problems: unknown[] = [];
  const world = { port: () => 443, frontendHostname: 'example.com', now: () => new Date() };
  const clock = (): number => performance.now();
  const inspector = createInspector({
    ...world,
    capacity: 100,
    settings: () => settings,
    clock,
    lookForFindings: () => watch.catchUp(),
    onError: (error) => problems.push(error),
  });
  const watch = createTrafficWatch({
    ...world,
    clock,
    loadRules: async () => createWatch(settings),
    silence: [],
    onFinding: () => undefined,
    onEachFinding: inspector.onFinding,
    onWarning: (text) => problems.push(text),
  });
  const proxy = await startProxy([portRoute('api.example.com', upstreamPort)], {
    previews: () => true,
    onExchange: (exchange) => {
      inspector.onExchange(exchange);
      watch.onExchange(exchange);
    },
  });
  try {
    await askHttp2(proxy, {
      hostname: 'api.example.com',
      path: '/auth/login/',
      method: 'POST',
      headers: {
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
        origin: 'https://example.com',
        'sec-fetch-site': 'same-site',
        'sec-fetch-mode': 'cors',
        'sec-fetch-dest': 'empty',
        'content-type': 'application/json',
        'content-length': String(LOGIN.length),
      },
      body: LOGIN,
    });
    await vi.waitFor(() => expect(inspector.counts().kept).toBe(1), { timeout: 10_000 });
    const { exchanges } = await inspector.page(0, 10);
    expect(exchanges).toMatchObject([
      {
        client: 'Firefox 153',
        path: '/auth/login/',
        cookies: { sent: 0, stored: 1, deleted: 0, refused: 1 },
        cors: 'allowed',
      },
    ]);
    expect(exchanges[0]?.findings).toContain('JD441');
    const detail = await inspector.detail(exchanges[0]?.id ?? '', { reveal: false });
    expect(detail?.request.body?.text).toContain('"password":"(hidden)"');
    expect(detail?.response.body).toMatchObject({
      text: '{"access":"(hidden)","user":"alice"}',
      isCut: false,
    });
    expect(detail?.shown.map(({ code }) => code)).toContain('JD441');
    const jars = await inspector.jars({ reveal: true });
    expect(jars).toMatchObject([
      {
        client: 'Firefox 153',
        cookies: [{ name: 'session', value: 'secret-value-1', setBy: exchanges[0]?.id }],
      },
    ]);
    expect(problems).toEqual([]);
  } finally {
    inspector.close();
    await watch.close();
    await proxy.close();
    upstream.closeAllConnections();
    upstream.close();
  }
});
