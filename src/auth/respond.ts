import type { Response } from 'express';
import type { Rendering } from './http/negotiation.ts';
import { errorPage, type Json } from './problems.ts';
import type { Reply, View } from './view.ts';

/** Django's SecurityMiddleware and XFrameOptionsMiddleware, with their defaults. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Writes a view's reply. `origin` is in every Vary: the CORS headers depend on it. */
export function sendReply(
  response: Response,
  view: Pick<View, 'name' | 'allow'>,
  reply: Reply,
  rendering: Rendering,
  headOnly: boolean,
): void {
  const html = rendering.format === 'html';
  const text = html ? browsablePage(view.name, reply) : renderJson(reply.body, rendering.indent);
  response.statusCode = reply.status;
  response.setHeader('Allow', view.allow.join(', '));
  response.setHeader(
    'Vary',
    html || reply.variesByCookie === true ? 'Accept, Cookie, origin' : 'Accept, origin',
  );
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Content-Type', html ? 'text/html; charset=utf-8' : 'application/json');
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.cookies !== undefined && reply.cookies.length > 0)
    response.setHeader('Set-Cookie', reply.cookies);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(headOnly ? undefined : text);
}

/** A page outside of the views: an unknown path, a redirect, a host that is not ours. */
export function sendPage(
  response: Response,
  status: number,
  page: string,
  headers: Record<string, string> = {},
): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('Content-Length', Buffer.byteLength(page));
  response.end(response.req.method === 'HEAD' ? undefined : page);
}

/** U+2028 and U+2029 are escaped, as REST framework does: they once broke JSON that was read as JavaScript. */
function renderJson(body: Json, indent: number): string {
  return JSON.stringify(body, null, indent)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}

/** For a person who opens the address in a browser. */
function browsablePage(name: string, reply: Reply): string {
  const json = renderJson(reply.body, 4).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return errorPage(name).replace('</body>', `<p>HTTP ${reply.status}</p><pre>${json}</pre></body>`);
}
