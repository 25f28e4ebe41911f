import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import cookieParser from 'cookie-parser';
import cors from 'cors';
import express from 'express';
import { openAuthApi } from 'jwt-dev/auth';
import { createRequireUser } from './require-user.mjs';

// `jwt-dev up` sets PORT and JWT_DEV_FRONTEND_URL; a server sets PORT, FRONTEND_ORIGIN and AUTH_STORE.
const port = Number(process.env.PORT ?? 8000);
const frontendOrigin =
  process.env.FRONTEND_ORIGIN ?? process.env.JWT_DEV_FRONTEND_URL ?? 'https://example.com';
const dataDir = fileURLToPath(new URL('./data', import.meta.url));
await mkdir(dataDir, { recursive: true, mode: 0o700 });

// The routes, cookies and answers of the bundled auth API, with your store and your key: in data/ beside this file,
// or in PostgreSQL where AUTH_STORE is a postgres:// URL.
const auth = await openAuthApi({
  frontendOrigin,
  stateDir: dataDir,
  env: process.env,
  settings: {
    store: process.env.AUTH_STORE ?? 'auth.sqlite',
    tokens: { algorithm: 'ES256', accessSeconds: Number(process.env.ACCESS_TOKEN_SECONDS ?? 300) },
  },
  onError: (error) => console.error(error),
});

const app = express();
app.disable('x-powered-by');
// Only a proxy on this machine may say who and how somebody came.
app.set('trust proxy', 'loopback');
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

const server = app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(`The API listens on http://127.0.0.1:${port}`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close(() => void auth.close());
    server.closeIdleConnections();
  });
}
