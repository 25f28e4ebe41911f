import { once } from 'node:events';
import { expect, test } from 'vitest';
import { connectHttp2 } from '../helpers/proxy-clients.ts';
import { startProxy } from '../helpers/proxy-fixture.ts';

// Behind a forward proxy, Firefox sends WebSockets over HTTP/2 without Origin and Cookie (bugzilla.mozilla.org, 1848013).
test.each([
  ['what clients reach by a forward proxy', { publicPort: 443 }, false],
  ['what they reach directly', {}, true],
])('%s: WebSockets over HTTP/2 are offered or not', async (_what, changes, offered) => {
  const proxy = await startProxy([], changes);
  const session = connectHttp2(proxy);
  await once(session, 'remoteSettings');
  expect(session.remoteSettings.enableConnectProtocol).toBe(offered);
  session.destroy();
  await proxy.close();
});
