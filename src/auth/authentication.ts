import type { Request } from 'express';
import type { Api } from './api.ts';
import { CSRF_COOKIE, csrfProblem } from './csrf.ts';
import { cookieValues } from './http/cookies.ts';
import { ApiProblem, invalidToken, unauthorized } from './problems.ts';
import type { User } from './store/types.ts';
import { type Claims, pythonInt } from './tokens/claims.ts';
import { TokenError } from './tokens/tokens.ts';

/**
 * Who asks: by the Authorization header, and without one by the access cookie. Any Authorization header, of
 * whatever scheme, switches the cookie off. undefined: no credentials.
 * @throws ApiProblem 401 where there are credentials and they are not good.
 */
export async function authenticate(request: Request, api: Api): Promise<User | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = bearerToken(authorization);
    return token === undefined ? undefined : userOfToken(token, api);
  }
  const accessCookies = cookieValues(request, api.config.cookies.accessName);
  const last = accessCookies.at(-1);
  if (last === undefined) return undefined;
  if (api.strict) requireCsrfToken(request, api);
  // Two cookies of one name (one for the host, one for the domain): Django reads the last, we look for a good one.
  // A single one is not looked at twice: to verify it is most of what a request costs.
  const isChoice = !api.strict && accessCookies.length > 1;
  const token = isChoice ? (accessCookies.find((cookie) => isGood(cookie, api)) ?? last) : last;
  const user = await userOfToken(token, api);
  // Only a good cookie can be misused by another site; Django asks first, and a stale cookie then hides its staleness.
  if (!api.strict) requireCsrfToken(request, api);
  return user;
}

function requireCsrfToken(request: Request, api: Api): void {
  if (!api.config.csrf) return;
  const problem = csrfProblem(
    {
      method: request.method,
      secure: request.secure,
      host: request.headers.host ?? '',
      origin: request.headers.origin,
      referer: request.headers.referer,
      cookie: cookieValues(request, CSRF_COOKIE).at(-1),
      header: request.get('x-csrftoken'),
    },
    api.allowedOrigins,
  );
  if (problem !== undefined) throw new ApiProblem(403, { detail: `CSRF Failed: ${problem}` });
}

function bearerToken(header: string): string | undefined {
  const parts = header.split(/[ \t\n\r\f\v]+/).filter((part) => part !== '');
  if (parts[0] !== 'Bearer') return undefined;
  if (parts[1] !== undefined && parts.length === 2) return parts[1];
  throw unauthorized({
    detail: 'Authorization header must contain two space-delimited values',
    code: 'bad_authorization_header',
  });
}

async function userOfToken(token: string, api: Api): Promise<User> {
  let claims: Claims;
  try {
    claims = api.tokens.verify(token, 'access');
  } catch (error) {
    if (error instanceof TokenError) throw badAccessToken(error.message);
    throw error;
  }
  if (!Object.hasOwn(claims, 'user_id')) {
    throw invalidToken('Token contained no recognizable user identification');
  }
  const user = await userOfClaim(claims['user_id'], api);
  if (user === undefined) throw unauthorized({ detail: 'User not found', code: 'user_not_found' });
  if (!user.isActive) throw unauthorized({ detail: 'User is inactive', code: 'user_inactive' });
  return user;
}

/** The user that a `user_id` claim names, read as Django reads an integer key. */
export async function userOfClaim(claim: unknown, api: Pick<Api, 'store'>): Promise<User | undefined> {
  const id = pythonInt(claim);
  return id === undefined || !Number.isSafeInteger(id) ? undefined : api.store.userById(id);
}

function isGood(token: string, api: Api): boolean {
  try {
    api.tokens.verify(token, 'access');
    return true;
  } catch (error) {
    if (error instanceof TokenError) return false;
    throw error;
  }
}

function badAccessToken(message: string): ApiProblem {
  return unauthorized({
    detail: 'Given token not valid for any token type',
    code: 'token_not_valid',
    messages: [{ token_class: 'AccessToken', token_type: 'access', message }],
  });
}
