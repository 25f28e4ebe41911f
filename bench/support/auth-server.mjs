// A server for bench/auth.mjs, in a process of its own so that it can be kept on one core. Prints its port and a cookie.
//   node bench/support/auth-server.mjs sqlite|storeless|bare DIRECTORY
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { openAuthApi } from '../../dist/auth/entry.js';

const [kind, directory] = process.argv.slice(2);
const USER = { id: 7, username: 'anna', email: 'anna@example.com', password: 'correct horse' };

async function openAuthServer() {
  const stateDir = kind === 'sqlite' ? directory : undefined;
  const auth = await openAuthApi({
    settings: {
      store: kind === 'sqlite' ? path.join(directory, 'auth.sqlite') : ':memory:',
      users: [USER],
      // Valid for longer than any run.
      tokens: { accessSeconds: 3600 },
    },
    ...(stateDir === undefined ? {} : { stateDir }),
  });
  if (kind === 'storeless') {
    // The same route without its question to the store.
    const user = await auth.store.userById(USER.id);
    auth.store.userById = async () => user;
  }
  return auth.app;
}

/** The same answer, from Express alone. */
function bareApplication() {
  const app = express();
  for (const setting of ['x-powered-by', 'etag', 'query parser']) app.set(setting, false);
  app.get('/auth/user/', (_request, response) => {
    response.json({ pk: 7, username: 'anna', email: 'anna@example.com', first_name: '', last_name: '' });
  });
  return app;
}

const app = kind === 'bare' ? bareApplication() : await openAuthServer();
const server = app.listen(0, '127.0.0.1');
while (!server.listening) await sleep(5);
const { port } = server.address();
let cookie = 'jwt-access-token=none';
if (kind !== 'bare') {
  const answer = await fetch(`http://127.0.0.1:${port}/auth/login/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: USER.username, password: USER.password }),
  });
  cookie = answer.headers.getSetCookie().find((one) => one.startsWith('jwt-access-token='));
}
process.stdout.write(`${JSON.stringify({ port, cookie: cookie.split(';')[0] })}\n`);
process.once('SIGTERM', () => process.exit(0));
