import type { Api } from '../api.ts';
import { isMapping } from '../body/values.ts';
import { cookieValues } from '../http/cookies.ts';
import { refreshRecord, verifyRefresh } from '../refresh.ts';
import { clearingCookies } from '../sessions.ts';
import type { Claims } from '../tokens/claims.ts';
import { TokenError } from '../tokens/tokens.ts';
import { type Call, detail, type Reply, type View } from '../view.ts';

async function logout(call: Call, api: Api): Promise<Reply> {
  const reply = { cookies: clearingCookies(api), variesByCookie: true };
  const problem = api.config.tokens.denyList ? await denyPresented(call, api) : undefined;
  // In Django a missing or bad refresh token is a 401. The cookies are deleted all the same, so the user is logged out.
  if (problem !== undefined && api.strict) return { ...reply, status: 401, body: detail(problem) };
  return { ...reply, status: 200, body: detail('Successfully logged out.') };
}

/** Denies the presented refresh tokens; answers what was wrong with them, if anything. */
async function denyPresented(call: Call, api: Api): Promise<string | undefined> {
  const tokens = await presentedTokens(call, api);
  const place = api.config.cookies.httpOnly ? 'cookie' : 'request';
  const missing = `Refresh token was not included in ${place} data.`;
  if (tokens.length === 0) return missing;
  let problem: string | undefined;
  for (const token of tokens) {
    try {
      const claims = await verifyForLogout(token, api);
      await api.store.denyRefresh(refreshRecord(claims), call.now(), !api.strict);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      // Django looks for the id first, and takes its absence for the absence of the token.
      const nameless = error.claims !== undefined && !Object.hasOwn(error.claims, 'jti');
      problem = nameless ? missing : error.message;
    }
  }
  return problem;
}

/** A token that was used already still names the session that is to end; Django refuses it. */
async function verifyForLogout(token: string, api: Api): Promise<Claims> {
  return api.strict ? verifyRefresh(api, token) : api.tokens.verify(token, 'refresh');
}

/** Django reads the last cookie; without HttpOnly it wants the token in the body instead. */
async function presentedTokens(call: Call, api: Api): Promise<readonly string[]> {
  const { httpOnly, refreshName } = api.config.cookies;
  const cookies = cookieValues(call.request, refreshName);
  if (httpOnly) return api.strict ? cookies.slice(-1) : cookies;
  const { value } = await call.body();
  const token = isMapping(value) ? value.get('refresh') : undefined;
  const inBody = typeof token === 'string' ? [token] : [];
  return api.strict ? inBody : [...inBody, ...cookies];
}

export const logoutView: View = {
  name: 'Logout',
  description: 'Deletes both token cookies and denies the refresh token.',
  allow: ['GET', 'POST', 'HEAD', 'OPTIONS'],
  access: 'anyone',
  form: null,
  handlers: { POST: logout },
};
