import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { answerIdentity, isProofOf } from '../../src/control/identity.ts';
import { askHttp2 } from '../helpers/proxy-clients.ts';
import { HOSTNAMES, listenOn, portRoute, startProxy } from '../helpers/proxy-fixture.ts';

const SECRET = 'of this instance';

test('a name proves which environment it leads to, and asks no upstream', async () => {
  const asked: string[] = [];
  const upstream = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('upstream');
  });
  const port = await listenOn(upstream);
  onTestFinished(() => void upstream.close());
  const proxy = await startProxy(
    HOSTNAMES.map((hostname) => portRoute(hostname, port)),
    { answerOwn: (target) => answerIdentity(target, SECRET) },
  );
  onTestFinished(() => proxy.close());
  const nonce = 'a-nonce-of-16-or-more';
  for (const hostname of HOSTNAMES) {
    const answer = await askHttp2(proxy, { hostname, path: `/__jwt-dev/id?nonce=${nonce}` });
    expect(answer.status).toBe(200);
    const { proof } = JSON.parse(answer.body) as { proof: string };
    expect(isProofOf(proof, nonce, SECRET)).toBe(true);
    expect(isProofOf(proof, nonce, 'of another instance')).toBe(false);
    expect(answer.headers['access-control-allow-origin']).toBe('https://example.com');
  }
  expect(await askHttp2(proxy, { path: '/__jwt-dev/id?nonce=short' })).toMatchObject({ status: 400 });
  expect(asked).toEqual([]);
  for (const path of ['/__jwt-dev/other', '/__jwt-devil', '/x/__jwt-dev/id']) {
    expect(await askHttp2(proxy, { path })).toMatchObject({ status: 200, body: 'upstream' });
  }
  expect(proxy.exchanges.map(({ status }) => status)).toContain(400);
});
