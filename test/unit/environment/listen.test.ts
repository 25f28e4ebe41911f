import { expect, test } from 'vitest';
import { openListeners as open } from '../../../src/environment/listen.ts';
import { JwtDevError } from '../../../src/errors.ts';
import type { Proxy } from '../../../src/proxy/types.ts';

const openListeners = (
  listen: Parameters<typeof open>[0],
  create: Parameters<typeof open>[1],
  ports: readonly number[] = [],
) => open(listen, create, new Set(ports));

const wanted = { httpsPort: 443, httpPort: 80, addresses: ['127.0.0.1'], strictPort: false };

/** Proxies for a machine where some ports fail; tells which pairs were tried. */
function machine(failures: Readonly<Record<number, 'ERR_PRIVILEGE_REQUIRED' | 'ERR_PORT_IN_USE'>>) {
  const tried: (readonly [number, number | null])[] = [];
  const closed: number[] = [];
  const create = (httpsPort: number, httpPort: number | null): Proxy => ({
    listen: async () => {
      tried.push([httpsPort, httpPort]);
      const failure = failures[httpsPort];
      if (failure !== undefined)
        throw new JwtDevError(failure, `port ${httpsPort}`, { facts: { port: httpsPort } });
      const httpFailure = httpPort === null ? undefined : failures[httpPort];
      return {
        httpsPort: httpsPort === 0 ? 40_000 : httpsPort,
        httpPort: httpFailure === undefined ? httpPort : null,
        addresses: ['127.0.0.1'],
        notices:
          httpFailure === undefined
            ? []
            : [
                {
                  code: 'HTTP_PORT_UNAVAILABLE',
                  message: 'no redirect',
                  error: new JwtDevError(httpFailure, `port ${httpPort}`, { facts: { port: httpPort } }),
                },
              ],
      };
    },
    setRoutes: () => undefined,
    setSecureContext: () => undefined,
    close: async () => undefined,
    forceClose: () => void closed.push(httpsPort),
  });
  return { create, tried, closed };
}

test('the wanted ports, where they can be had', async () => {
  const { create, tried } = machine({});
  const { listening, notices } = await openListeners(wanted, create);
  expect([listening.httpsPort, listening.httpPort, notices]).toEqual([443, 80, []]);
  expect(tried).toEqual([[443, 80]]);
});

test('a missing privilege leads to a high port, and the notice names both', async () => {
  const { create } = machine({ 443: 'ERR_PRIVILEGE_REQUIRED' });
  const { listening, notices } = await openListeners(wanted, create);
  expect([listening.httpsPort, listening.httpPort]).toEqual([8443, 8080]);
  expect(notices).toHaveLength(1);
  expect(notices[0]).toContain('443');
  expect(notices[0]).toContain('8443');
});

test('the high port taken: any free one', async () => {
  const { create, tried } = machine({ 443: 'ERR_PRIVILEGE_REQUIRED', 8443: 'ERR_PORT_IN_USE' });
  const { listening } = await openListeners({ ...wanted, httpPort: null }, create);
  expect(listening.httpsPort).toBe(40_000);
  expect(tried).toEqual([
    [443, null],
    [8443, null],
    [0, null],
  ]);
});

test('a strict port never falls back: exit code 4, with the ways to allow it', async () => {
  const { create, tried } = machine({ 443: 'ERR_PRIVILEGE_REQUIRED' });
  const failure = openListeners({ ...wanted, strictPort: true }, create);
  await expect(failure).rejects.toMatchObject({
    code: 'ERR_PRIVILEGE_REQUIRED',
    exitCode: 4,
    hint: expect.stringContaining('--https-port 8443'),
  });
  expect(tried).toHaveLength(1);
});

test('a taken port is never replaced by another', async () => {
  const { create, tried } = machine({ 443: 'ERR_PORT_IN_USE' });
  await expect(openListeners(wanted, create)).rejects.toMatchObject({ exitCode: 5 });
  expect(tried).toHaveLength(1);
});

test('without the redirect port https still works, unless ports are strict', async () => {
  const loose = await openListeners(wanted, machine({ 80: 'ERR_PORT_IN_USE' }).create);
  expect([loose.listening.httpPort, loose.notices]).toEqual([null, ['no redirect']]);
  const strict = machine({ 80: 'ERR_PORT_IN_USE' });
  await expect(openListeners({ ...wanted, strictPort: true }, strict.create)).rejects.toMatchObject({
    exitCode: 5,
  });
  expect(strict.closed).toEqual([443]);
});

test('the fallback takes no port of an upstream, and keeps a redirect port that was asked for', async () => {
  const { create, tried } = machine({ 443: 'ERR_PRIVILEGE_REQUIRED' });
  await openListeners(wanted, create, [8443, 8080]);
  await openListeners({ ...wanted, httpPort: 9080 }, create);
  await openListeners({ ...wanted, httpPort: 0 }, create);
  expect(tried.filter(([httpsPort]) => httpsPort !== 443)).toEqual([
    [0, 0],
    [8443, 9080],
    [8443, 0],
  ]);
});

test('a strict redirect port is blamed by its own number', async () => {
  const { create } = machine({ 80: 'ERR_PRIVILEGE_REQUIRED' });
  await expect(openListeners({ ...wanted, httpsPort: 8443, strictPort: true }, create)).rejects.toMatchObject(
    {
      message: expect.stringContaining('Port 80 '),
      hint: expect.stringContaining('--http-port none'),
    },
  );
});
