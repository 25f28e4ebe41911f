import net from 'node:net';
import process from 'node:process';
import { expect, test } from 'vitest';
import type { PortHolderDeps } from '../../src/system/port-holder.ts';
import { listen, listenOnAll } from '../../src/system/ports.ts';
import { listenOn } from '../helpers/proxy-fixture.ts';

const deps: PortHolderDeps = {
  platform: process.platform,
  procRoot: '/proc',
  run: () => Promise.reject(new Error('no command is run here')),
};
const create = (): net.Server => net.createServer();

test('listen gives the port that a server got', async () => {
  const server = create();
  const port = await listen(server, { port: 0, host: '127.0.0.1' }, deps);
  expect(server.address()).toMatchObject({ port, address: '127.0.0.1' });
  server.close();
});

test.runIf(process.platform === 'linux')('a taken port names its holder', async () => {
  const holder = create();
  const port = await listenOn(holder);
  await expect(listen(create(), { port, host: '127.0.0.1' }, deps)).rejects.toMatchObject({
    code: 'ERR_PORT_IN_USE',
    exitCode: 5,
    message: expect.stringContaining(`process ${process.pid}`) as string,
    facts: { port, holder: { pid: process.pid } },
  });
  holder.close();
});

test('a port whose holder cannot be seen is said to be so', async () => {
  const holder = create();
  const port = await listenOn(holder);
  await expect(
    listen(create(), { port, host: '127.0.0.1' }, { ...deps, platform: 'freebsd' }),
  ).rejects.toMatchObject({ code: 'ERR_PORT_IN_USE', facts: { holder: null } });
  holder.close();
});

test('all addresses get the same free port', async () => {
  const listening = await listenOnAll(create, ['127.0.0.1', '::1', '127.0.0.2'], 0, deps);
  expect(listening.port).toBeGreaterThan(0);
  expect(listening.servers.map((server) => (server.address() as net.AddressInfo).port)).toEqual(
    Array.from({ length: 3 }, () => listening.port),
  );
  for (const server of listening.servers) server.close();
});

test('a wildcard of both families can be listened on', async () => {
  const listening = await listenOnAll(create, ['0.0.0.0', '::'], 0, deps);
  expect(listening.addresses).toEqual(['0.0.0.0', '::']);
  for (const server of listening.servers) server.close();
});

test('a missing address is reported, and an error where no other is left', async () => {
  const listening = await listenOnAll(create, ['192.0.2.1', '127.0.0.1'], 0, deps);
  expect(listening).toMatchObject({ addresses: ['127.0.0.1'], missing: ['192.0.2.1'] });
  for (const server of listening.servers) server.close();
  await expect(listenOnAll(create, ['192.0.2.1'], 0, deps)).rejects.toMatchObject({ code: 'ERR_LISTEN' });
});

test('a port that is taken on one address leaves nothing listening', async () => {
  const holder = create();
  const port = await listenOn(holder, '127.0.0.2');
  const made: net.Server[] = [];
  const counted = (): net.Server => {
    const server = create();
    made.push(server);
    return server;
  };
  await expect(listenOnAll(counted, ['127.0.0.1', '127.0.0.2'], port, deps)).rejects.toMatchObject({
    code: 'ERR_PORT_IN_USE',
  });
  expect(made.map((server) => server.listening)).toEqual([false, false]);
  holder.close();
});

test('a forbidden port is ERR_PRIVILEGE_REQUIRED', async () => {
  const server = create();
  const refused = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
  server.listen = (() => {
    server.emit('error', refused);
    return server;
  }) as typeof server.listen;
  await expect(listen(server, { port: 443, host: '127.0.0.1' }, deps)).rejects.toMatchObject({
    code: 'ERR_PRIVILEGE_REQUIRED',
    exitCode: 4,
  });
});
