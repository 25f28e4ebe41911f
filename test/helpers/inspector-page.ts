import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { ExchangeRow, InspectorEvent } from '../../src/environment/inspector/types.ts';
import { cannedDetail, cannedFinding, cannedJars, cannedMails, cannedOverview } from './inspector-canned.ts';

const FILES: Readonly<Record<string, readonly [file: string, mediaType: string]>> = {
  '/': ['templates/inspector/index.html', 'text/html; charset=utf-8'],
  '/inspector.js': ['dist/pages/inspector.js', 'text/javascript; charset=utf-8'],
  '/inspector.css': ['templates/inspector/inspector.css', 'text/css; charset=utf-8'],
  '/favicon.svg': ['templates/inspector/favicon.svg', 'image/svg+xml'],
};
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const PAGE = 2000;

export interface PageServer {
  readonly origin: string;
  readonly secret: string;
  /** What the list is answered; tests may add to it. */
  readonly rows: ExchangeRow[];
  readonly hasAuth: { value: boolean };
  /** The bytes of each file of the page that was served. */
  readonly served: ReadonlyMap<string, number>;
  /** Method and path of everything that was asked with the secret. */
  readonly asked: readonly string[];
  readonly send: (event: InspectorEvent) => void;
  /** Ends the event streams; `isDown`: nothing is answered from now on. */
  readonly cut: (isDown: boolean) => void;
  readonly close: () => Promise<void>;
}

/** A control server with canned answers, for what only the page decides: its looks, its keys, its size. */
export async function startPageServer(root: string, rows: ExchangeRow[]): Promise<PageServer> {
  const secret = 'secret-of-this-test';
  const streams = new Set<ServerResponse>();
  const asked: string[] = [];
  const served = new Map<string, number>();
  const hasAuth = { value: true };
  let isDown = false;
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://inspector');
    if (isDown) {
      request.destroy();
      return;
    }
    const file = FILES[url.pathname];
    if (file !== undefined) {
      readFile(path.join(root, file[0])).then(
        (bytes) => {
          served.set(url.pathname, bytes.length);
          response.writeHead(200, { 'content-type': file[1], 'content-security-policy': POLICY }).end(bytes);
        },
        () => response.writeHead(500).end(),
      );
      return;
    }
    if (request.headers.authorization !== `Bearer ${secret}`) {
      sendJson(response, 401, { error: { code: 'ERR_CONTROL_REFUSED', message: 'The secret is wrong.' } });
      return;
    }
    asked.push(`${request.method} ${request.url}`);
    if (url.pathname === '/inspector/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': open\n\n');
      streams.add(response);
      response.on('close', () => streams.delete(response));
      return;
    }
    request.resume();
    const body = request.method === 'DELETE' ? { cleared: true } : answer(url, rows, hasAuth.value);
    if (body === undefined)
      sendJson(response, 404, { error: { code: 'ERR_NO_EXCHANGE', message: 'There is no such exchange.' } });
    else sendJson(response, 200, body);
    if (request.method === 'DELETE' && url.pathname === '/inspector/exchanges') {
      rows.length = 0;
      send({ type: 'cleared' });
    }
  });
  const send = (event: InspectorEvent): void => {
    for (const stream of streams) stream.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret,
    rows,
    hasAuth,
    asked,
    served,
    send,
    cut: (down) => {
      isDown = down;
      for (const stream of streams) stream.destroy();
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function answer(url: URL, rows: readonly ExchangeRow[], hasAuth: boolean): unknown {
  const reveal = url.searchParams.get('reveal') === '1';
  switch (url.pathname) {
    case '/inspector/overview':
      return cannedOverview(rows.length, hasAuth);
    case '/inspector/exchanges': {
      const after = Number(url.searchParams.get('after'));
      const limit = Number(url.searchParams.get('limit') ?? PAGE);
      const exchanges = rows.filter(({ seq }) => seq > after).slice(0, limit);
      return { exchanges, last: exchanges.at(-1)?.seq ?? after, kept: rows.length, dropped: 0, missed: 0 };
    }
    case '/inspector/exchange': {
      const row = rows.find(({ id }) => id === url.searchParams.get('id'));
      return row === undefined ? undefined : cannedDetail(row, reveal);
    }
    case '/inspector/jars':
      return { jars: cannedJars(reveal) };
    case '/findings':
      return { findings: [cannedFinding()], skipped: 0 };
    case '/outbox':
      return cannedMails();
    case '/inspector/users':
      return {
        users: [
          {
            id: 1,
            username: 'alice',
            email: 'alice@example.com',
            isActive: true,
            verified: true,
            createdAt: '2026-11-23T10:00:00.000Z',
          },
        ],
      };
    case '/inspector/try':
      return { ...TRIED, jar: cannedJars(reveal)[0]?.cookies };
    default:
      return undefined;
  }
}

const TRIED = {
  status: 200,
  silent: null,
  headers: [['content-type', 'application/json']],
  body: '{"user":{"username":"alice"}}',
  corsProblem: null,
  cookiesSet: [],
};
