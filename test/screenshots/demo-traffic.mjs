// Traffic as a frontend in development makes it, mistakes included: for the screenshots and for the test of the inspector.
import { once } from 'node:events';
import http from 'node:http';

/** A part of the API that runs elsewhere: its cookie is refused by every browser, its answer kept from the page. */
export async function startLegacyBackend() {
  const server = http.createServer((request, response) => {
    request.resume();
    response.writeHead(200, {
      'access-control-allow-origin': '*',
      'content-type': 'application/json',
      'set-cookie': ['theme=dark; Domain=example.org; Path=/'],
    });
    response.end('{"theme":"dark"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { port, close };
}

/** The configuration that puts it beside the auth API. */
export function configWith(port) {
  return { api: { upstream: 'bundled', paths: { '/legacy/': port } } };
}

/** The demo page: a login, a refresh, a mail, and a request of each kind that goes wrong. */
export async function makeTraffic(page, { frontend, api, users }) {
  const [user] = users;
  await page.goto(frontend);
  await page.locator('#who[data-state="out"]').waitFor();
  // The mistake that everybody makes once: the browser keeps none of the cookies.
  await page.evaluate(post, [`${api}/auth/login/`, user, 'same-origin']);
  const form = page.locator('#login-form');
  await form.getByLabel('Username or e-mail').fill(user.username);
  await form.getByLabel('Password').fill(user.password);
  await form.getByRole('button').click();
  await page.locator('#who', { hasText: `Logged in as ${user.username}` }).waitFor();
  await page.getByRole('button', { name: 'Refresh tokens' }).click();
  await page.locator('#who', { hasText: 'Tokens renewed' }).waitFor();
  await page.evaluate(post, [`${api}/auth/password/reset/`, { email: user.email }, 'include']);
  const isBlocked = await page.evaluate(
    (url) =>
      fetch(url, { credentials: 'include' }).then(
        () => false,
        () => true,
      ),
    `${api}/legacy/theme`,
  );
  if (!isBlocked) throw new Error('The browser should have kept this answer from the page.');
}

/** Runs in the page. */
async function post([url, body, credentials]) {
  await fetch(url, {
    method: 'POST',
    credentials,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
