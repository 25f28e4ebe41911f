import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sendEvents } from './event-stream.ts';
import type { ControlAnswer, FileAnswer, JsonAnswer } from './route.ts';

/** For every answer: no other page may show it, embed it, guess its type or be told where a link came from. */
const HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

export function send(response: ServerResponse, answer: ControlAnswer, heartbeatMs: number): void {
  if (response.destroyed) return;
  // A client that has left is no failure of ours.
  response.on('error', () => undefined);
  if ('events' in answer) {
    response.writeHead(200, {
      ...HEADERS,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
    });
    if (isHead(response)) response.end();
    else sendEvents(response, answer.events, heartbeatMs);
  } else if ('file' in answer) sendFile(response, answer.file);
  else sendJson(response, answer);
}

function sendJson(response: ServerResponse, { status, body }: JsonAnswer): void {
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`);
  response.writeHead(status, {
    ...HEADERS,
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
  });
  response.end(isHead(response) ? undefined : bytes);
}

function sendFile(response: ServerResponse, { bytes, mediaType, headers, cache }: FileAnswer['file']): void {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  const common = {
    ...HEADERS,
    ...headers,
    ...(cache === 'never' ? { 'cache-control': 'no-store' } : { 'cache-control': 'no-cache', etag }),
  };
  // RFC 9110, section 13.1.2; browsers send back the one that they have.
  if (cache === 'validate' && response.req.headers['if-none-match'] === etag) {
    response.writeHead(304, common).end();
    return;
  }
  response.writeHead(200, { ...common, 'content-type': mediaType, 'content-length': bytes.length });
  response.end(isHead(response) ? undefined : bytes);
}

function isHead({ req }: ServerResponse): boolean {
  return req.method === 'HEAD';
}
