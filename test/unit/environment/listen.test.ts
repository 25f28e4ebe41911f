import { describe, expect, test, vi } from 'vitest';
import type { ListenConfig } from '../../../src/config/types.ts';
import { type ListenDeps, openListeners as open } from '../../../src/environment/listen.ts';
import { JwtDevError } from '../../../src/errors.ts';
import type { Proxy } from '../../../src/proxy/types.ts';

const openListeners = (
  listen: ListenConfig,
  create: ListenDeps['create'],
  ports: readonly number[] = [],
  ask: ListenDeps['ask'] = null,
) => open(listen, { create, upstreamPorts: new Set(ports), ask });

const wanted: ListenConfig = {
  httpsPort: 443,
  httpPort: 80,
  addresses: ['127.0.0.1'],
  strictPort: false,
  fallback: 'ports',
  rootless: false,
  proxyPort: 0,
};

/** Proxies for a machine where some ports fail; tells which pairs were tried. */
function machine(failures: Readonly<Record<number, 'ERR_PRIVILEGE_REQUIRED' | 'ERR_PORT_IN_USE'>>) {
  const tried: (readonly [number, number | null])[] = [];
  const closed: number[] = [];
  const publicPorts: (number | undefined)[] = [];
  const create: ListenDeps['create'] = ({ httpsPort, httpPort, publicPort }): Proxy => ({
    listen: async () => {
      tried.push([httpsPort, httpPort]);
      publicPorts.push(publicPort);
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
    adopt: () => undefined,
    setRoutes: () => undefined,
    setSecureContext: () => undefined,
    close: async () => undefined,
    forceClose: () => void closed.push(httpsPort),
  });
  return { create, tried, publicPorts, closed };
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

describe('a missing privilege without a decision made beforehand', () => {
  const asking: ListenConfig = { ...wanted, fallback: 'ask' };
  const forbidden = () => machine({ 443: 'ERR_PRIVILEGE_REQUIRED' });

  test('nobody to ask: exit code 4, and the ways out in the order of least trouble', async () => {
    const { create, tried } = forbidden();
    const failure = await openListeners(asking, create).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ERR_PRIVILEGE_REQUIRED', exitCode: 4 });
    const { hint = '' } = failure as JwtDevError;
    const ways = ['--rootless', 'sudo jwt-dev up', 'ip_unprivileged_port_start', '--https-port 8443'];
    expect(ways.map((way) => hint.indexOf(way))).toEqual(
      ways.map((way) => hint.indexOf(way)).toSorted((a, b) => a - b),
    );
    expect(ways.filter((way) => !hint.includes(way))).toEqual([]);
    expect(hint).toContain('--fallback ports');
    expect(tried).toEqual([[443, 80]]);
  });

  test('a person says yes: rootless, on any port, known as 443', async () => {
    const { create, tried, publicPorts } = forbidden();
    const ask = vi.fn<(question: string) => Promise<boolean>>().mockResolvedValue(true);
    const opened = await openListeners(asking, create, [], ask);
    expect(ask.mock.calls).toEqual([[expect.stringContaining('Use rootless mode for this run?')]]);
    expect(opened).toMatchObject({ mode: 'rootless', publicPort: 443, listening: { httpsPort: 40_000 } });
    expect(tried).toEqual([
      [443, 80],
      [0, null],
    ]);
    expect(publicPorts).toEqual([undefined, 443]);
  });

  test('a person says no: other ports, with the notice', async () => {
    const { create } = forbidden();
    const opened = await openListeners(asking, create, [], async () => false);
    expect(opened).toMatchObject({ mode: 'hosts', publicPort: 8443 });
    expect(opened.notices[0]).toContain('8443');
  });

  test('nobody is asked where nothing is missing', async () => {
    const ask = vi.fn<(question: string) => Promise<boolean>>();
    await openListeners(asking, machine({}).create, [], ask);
    expect(ask).not.toHaveBeenCalled();
  });
});

describe('rootless', () => {
  test('as the fallback it says so', async () => {
    const { create } = machine({ 443: 'ERR_PRIVILEGE_REQUIRED' });
    const opened = await openListeners({ ...wanted, fallback: 'rootless' }, create);
    expect(opened).toMatchObject({ mode: 'rootless', publicPort: 443 });
    expect(opened.notices).toEqual([expect.stringContaining('rootless')]);
  });

  test('asked for, 443 is not even tried', async () => {
    const { create, tried } = machine({ 443: 'ERR_PRIVILEGE_REQUIRED' });
    const opened = await openListeners({ ...wanted, rootless: true, httpsPort: 0, httpPort: null }, create);
    expect(opened).toMatchObject({ mode: 'rootless', publicPort: 443, notices: [] });
    expect(tried).toEqual([[0, null]]);
  });

  test('with a privileged port all the same, its privilege is missing like anywhere', async () => {
    const { create } = machine({ 443: 'ERR_PRIVILEGE_REQUIRED' });
    await expect(openListeners({ ...wanted, rootless: true }, create)).rejects.toMatchObject({ exitCode: 4 });
  });
});
