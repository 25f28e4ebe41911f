import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import cookieParser from 'cookie-parser';
import cors from 'cors';
import express from 'express';
import { openAuthApi } from 'jwt-dev/auth';
import { createRequireUser } from './require-user.mjs';

// `jwt-dev up` sets PORT and JWT_DEV_FRONTEND_URL; a server sets PORT, FRONTEND_ORIGIN, AUTH_STORE and, in a container,
// LISTEN_HOST, DATA_DIR and TRUSTED_PROXIES.
const port = Number(process.env.PORT ?? 8000);
const host = process.env.LISTEN_HOST ?? '127.0.0.1';
// Only a proxy on this machine may say who and how somebody came.
const trustedProxies = process.env.TRUSTED_PROXIES ?? 'loopback';
const frontendOrigin =
  process.env.FRONTEND_ORIGIN ?? process.env.JWT_DEV_FRONTEND_URL ?? 'https://example.com';
const dataDir = process.env.DATA_DIR ?? fileURLToPath(new URL('./data', import.meta.url));
await mkdir(dataDir, { recursive: true, mode: 0o700 });

// The routes, cookies and answers of the bundled auth API, with your store and your key: in data/ beside this file,
// or in PostgreSQL where AUTH_STORE is a postgres:// URL. Users of your own: give an object as `store` beside `settings`
// (the type AuthStore; openAuthStore opens one to build upon), and in its place no settings.store.
// Mails stay in the store's outbox until a function is given as `mailer`.
const auth = await openAuthApi({
  frontendOrigin,
  stateDir: dataDir,
  env: process.env,
  trustedProxies,
  settings: {
    store: process.env.AUTH_STORE ?? 'auth.sqlite',
    tokens: { algorithm: 'ES256', accessSeconds: Number(process.env.ACCESS_TOKEN_SECONDS ?? 300) },
  },
  onError: (error) => console.error(error),
});

const app = express();
app.disable('x-powered-by');
app.set('trust proxy', trustedProxies);
app.use(auth.app); // before any body parser
app.use(cors({ origin: frontendOrigin, credentials: true }));
app.use(cookieParser());
app.use(express.json());

// Any service can check the tokens with this key set; this one asks itself.
const requireUser = createRequireUser(new URL(`http://127.0.0.1:${port}/.well-known/jwks.json`));

app.get('/hello/', requireUser, async (request, response) => {
  const user = await auth.store.userById(request.userId);
  response.json({ message: `Hello ${user?.username ?? 'stranger'}` });
});

const server = app.listen(port, host, (error) => {
  if (error) throw error;
  console.log(`The API listens on http://${host}:${port}`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close(() => void auth.close());
    server.closeIdleConnections();
  });
}
