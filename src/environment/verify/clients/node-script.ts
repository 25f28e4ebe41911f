/**
 * Node's own https with the cookie jar of this package. Environment variables decide what it trusts and where the names
 * lead, as for any Node program; the whole error is told, since `fetch` and its wrappers hide the cause.
 */
export const NODE_SCRIPT = `
import https from 'node:https';
import { text } from 'node:stream/consumers';

const { env, stdin, stdout, versions } = process;
const say = (line) => stdout.write(JSON.stringify(line) + '\\n');
say({ version: versions.node });
const { base, origin, login, steps } = JSON.parse(await text(stdin));
const { createCookieJar, fromLatin1 } = await import(env.JWT_DEV_VERIFY_JAR);
const jar = createCookieJar({ thirdPartyCookies: 'allowed' });
const agent = new https.Agent({ keepAlive: true });

const ask = (method, url, body) => new Promise((resolve, reject) => {
  const visit = { url, method, target: 'subresource', initiator: origin, topLevel: origin, credentials: true };
  const cookie = jar.send(visit, Date.now()).cookieHeader;
  const csrf = jar.all(Date.now()).find(({ name }) => name === 'csrftoken')?.value;
  const headers = {
    accept: 'application/json',
    origin,
    'user-agent': 'node/' + versions.node,
    ...(cookie === '' ? {} : { cookie }),
    ...(csrf === undefined || method === 'GET' ? {} : { 'x-csrftoken': csrf }),
    ...(body === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const request = https.request(url, { method, headers, agent }, (response) => {
    text(response).then((said) => {
      const setCookie = (response.headers['set-cookie'] ?? []).map(fromLatin1);
      const { date } = response.headers;
      jar.receive({ request: visit, setCookie, ...(date === undefined ? {} : { date }) }, Date.now());
      resolve({ status: response.statusCode, body: said.slice(0, 300) });
    }, reject);
  });
  request.once('error', reject);
  request.end(body ?? undefined);
});

for (const [index, { method, path, good }] of steps.entries()) {
  const began = performance.now();
  try {
    const answer = await ask(method, base + path, method === 'GET' ? null : index === 0 ? login : '{}');
    const isGood = good.includes(answer.status);
    say({ status: answer.status, ms: Math.round(performance.now() - began), ...(isGood ? {} : { body: answer.body }) });
    if (!isGood) break;
  } catch (error) {
    const errors = error.errors ?? [error];
    const words = errors.map(({ code, message }) => (code && !message.includes(code) ? message + ' (' + code + ')' : message));
    say({ error: 'Error: ' + words.join('; '), ms: Math.round(performance.now() - began) });
    break;
  }
}
agent.destroy();
`;
