import cookieParser from 'cookie-parser';
import express, { type Express, type RequestHandler } from 'express';
import type { Api, AuthDeps } from './api.ts';
import { decideCors } from './cors.ts';
import { createHousekeeping } from './housekeeping.ts';
import { decodeCookieValue } from './http/cookies.ts';
import { createLoginLimiter } from './login-limiter.ts';
import { createLinkSigner } from './mail/link-tokens.ts';
import { createErrorHandler, errorPage } from './problems.ts';
import { SECURITY_HEADERS, sendPage } from './respond.ts';
import { createRouter } from './routes.ts';
import { JWKS_PATH, publicKeySet } from './tokens/jwks.ts';
import { createTokens } from './tokens/tokens.ts';

/**
 * The auth API as an Express application, to be mounted or listened with. Its wire behaviour is that of
 * dj-rest-auth 7 with simplejwt, allauth and django-cors-headers.
 */
export function createAuthApi(deps: AuthDeps): Express {
  const strict = deps.config.compat === 'strict';
  const api: Api = {
    ...deps,
    strict,
    links: createLinkSigner(deps.linkSecret),
    loginLimiter: createLoginLimiter(strict ? null : deps.config.loginLimit, deps.clock),
    housekeeping: createHousekeeping(deps.store, deps.clock),
    tokens: createTokens({
      config: deps.config.tokens,
      key: deps.signingKey,
      clock: deps.clock,
      randomBytes: deps.randomBytes,
      lenient: strict,
    }),
  };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('trust proxy', deps.trustedProxies);
  app.use(securityHeaders, corsHandler(api), hostCheck(api));
  app.use(cookieParser(undefined, { decode: decodeCookieValue }));
  const { id, verify, algorithm } = deps.signingKey;
  if (id !== null) {
    const keySet = publicKeySet(verify, id, algorithm);
    app.get(JWKS_PATH, (_request, response) => void response.json(keySet));
  }
  app.use(createRouter(api));
  app.use(createErrorHandler(deps.onError));
  return app;
}

const securityHeaders: RequestHandler = (_request, response, next) => {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  next();
};

function corsHandler(api: Api): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    const requestedMethod = request.headers['access-control-request-method'];
    const decision = decideCors({ method: request.method, origin, requestedMethod }, api.allowedOrigins);
    response.setHeader('Vary', 'origin');
    for (const [name, value] of Object.entries(decision.headers)) response.setHeader(name, value);
    if (decision.preflight) sendPage(response, 200, '');
    else next();
  };
}

/** Django's ALLOWED_HOSTS: a page of another name (DNS rebinding) gets nothing. */
function hostCheck(api: Api): RequestHandler {
  const { allowedHosts } = api;
  return (request, response, next) => {
    const host = (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
    if (allowedHosts === null || allowedHosts.includes(host)) next();
    else sendPage(response, 400, errorPage('Bad Request (400)'));
  };
}
