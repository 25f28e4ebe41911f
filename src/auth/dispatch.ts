import type { Request, Response } from 'express';
import type { Api } from './api.ts';
import { authenticate } from './authentication.ts';
import { readBody } from './body/read-body.ts';
import { negotiate, PLAIN_JSON, type Rendering } from './http/negotiation.ts';
import { describeView } from './metadata.ts';
import { ApiProblem, errorPage, methodNotAllowed, notAuthenticated, OversizedRequest } from './problems.ts';
import { sendPage, sendReply } from './respond.ts';
import type { User } from './store/types.ts';
import type { Call, HandledMethod, Handler, Reply, View } from './view.ts';

/**
 * One request through one view, in REST framework's order: how to answer, who asks, whether they may, then the
 * method, and only then the body. The order is visible: an unauthenticated request with a broken body is a 401.
 */
export async function dispatch(view: View, request: Request, response: Response, api: Api): Promise<void> {
  let rendering = PLAIN_JSON;
  let reply: Reply;
  try {
    rendering = negotiateFor(request);
    const call = await openCall(view, request, api);
    reply = await handlerFor(view, request.method, api)(call, api);
  } catch (error) {
    if (error instanceof OversizedRequest && api.strict) {
      sendPage(response, 400, errorPage('Bad Request (400)'), { 'X-Frame-Options': 'DENY' });
      return;
    }
    if (!(error instanceof ApiProblem)) throw error;
    reply = { status: error.status, body: error.body, headers: error.headers };
  }
  sendReply(response, view, reply, rendering, request.method === 'HEAD');
}

function negotiateFor(request: Request): Rendering {
  const query = request.url.indexOf('?');
  const formats = query < 0 ? [] : new URLSearchParams(request.url.slice(query)).getAll('format');
  return negotiate(request.headers.accept, formats.at(-1));
}

async function openCall(view: View, request: Request, api: Api): Promise<Call> {
  const user = await userFor(view, request, api);
  if (view.access === 'users' && user === undefined) throw notAuthenticated();
  return { request, user, body: () => readBody(request), now: () => api.clock().getTime() };
}

async function userFor(view: View, request: Request, api: Api): Promise<User | undefined> {
  if (view.access === 'unauthenticated') return undefined;
  try {
    return await authenticate(request, api);
  } catch (error) {
    // A stale cookie must not keep anybody from logging in or out; in Django it does.
    const stale = error instanceof ApiProblem && error.status === 401;
    if (stale && view.access === 'anyone' && !api.strict) return undefined;
    throw error;
  }
}

function handlerFor(view: View, method: string, api: Api): Handler {
  if (method === 'OPTIONS') return async () => ({ status: 200, body: describeView(view, api.config) });
  const own = view.handlers[(method === 'HEAD' ? 'GET' : method) as HandledMethod];
  return own ?? (() => Promise.reject(methodNotAllowed(method)));
}
