import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { listenOn } from './proxy-fixture.ts';

export interface CheckBackend {
  readonly port: number;
  /** Whom it lets read its answers; to be set before the first request. */
  origin: string;
  /** What becomes of each Set-Cookie line; a fault to plant. */
  spoil: (line: string) => string;
}

const USER = { username: 'ann', email: 'ann@shop.test', password: 'a secret of hers' };
const ATTRIBUTES = 'Path=/; HttpOnly; Secure; SameSite=Lax';

/**
 * A backend of somebody's own that follows dj-rest-auth as far as a session goes, below `/auth/`: login by the email field
 * alone, no registration, tokens that mean something to itself only. It ends with the test.
 */
export async function startCheckBackend(): Promise<CheckBackend> {
  const tokens = { access: '', refresh: '' };
  const server = http.createServer((request, response) => {
    answer(request, response, tokens, backend).catch(() => response.writeHead(500).end());
  });
  const backend: CheckBackend = { port: await listenOn(server), origin: '', spoil: (line) => line };
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return backend;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  tokens: { access: string; refresh: string },
  { origin, spoil }: CheckBackend,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
  const sent = (name: string): string | undefined =>
    new RegExp(`(?:^|; )${name}=([^;]*)`).exec(request.headers.cookie ?? '')?.[1];
  const reply = (status: number, content: unknown, ...cookies: readonly string[]): void => {
    if (cookies.length > 0) response.setHeader('set-cookie', cookies.map(spoil));
    response.writeHead(status, {
      'content-type': 'application/json',
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
      vary: 'Origin',
    });
    response.end(status === 204 ? undefined : JSON.stringify(content));
  };
  const set = (name: 'access' | 'refresh'): string => {
    tokens[name] = randomUUID();
    return `shop-${name}=${tokens[name]}; Max-Age=300; ${ATTRIBUTES}`;
  };
  const remove = (name: string): string => `shop-${name}=; Max-Age=0; ${ATTRIBUTES}`;
  if (request.method === 'OPTIONS') return reply(204, null);
  switch (`${request.method} ${request.url}`) {
    case 'POST /auth/login/':
      if (body['email'] !== USER.email || body['password'] !== USER.password)
        return reply(400, { non_field_errors: ['Unable to log in with provided credentials.'] });
      return reply(200, { user: USER.username }, set('access'), set('refresh'));
    case 'GET /auth/user/':
      return sent('shop-access') === tokens.access && tokens.access !== ''
        ? reply(200, { username: USER.username })
        : reply(401, { detail: 'Authentication credentials were not provided.' });
    case 'POST /auth/token/refresh/':
      return sent('shop-refresh') === tokens.refresh
        ? reply(200, {}, set('access'), set('refresh'))
        : reply(401, { detail: 'Token is invalid', code: 'token_not_valid' });
    case 'POST /auth/logout/':
      return reply(200, { detail: 'Successfully logged out.' }, remove('access'), remove('refresh'));
    default:
      return reply(404, { detail: 'Not found.' });
  }
}

/** Who can log in. */
export const CHECK_USER = { username: USER.email, password: USER.password };
