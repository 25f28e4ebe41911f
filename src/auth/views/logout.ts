import type { Api } from '../api.ts';
import { cookieValues } from '../http/cookies.ts';
import { refreshRecord, verifyRefresh } from '../refresh.ts';
import { clearingCookies } from '../sessions.ts';
import { TokenError } from '../tokens/tokens.ts';
import { type Call, detail, type Reply, type View } from '../view.ts';

const MISSING = 'Refresh token was not included in cookie data.';

async function logout(call: Call, api: Api): Promise<Reply> {
  const reply = { cookies: clearingCookies(api), variesByCookie: true };
  const problem = api.config.tokens.denyList ? await denyPresented(call, api) : undefined;
  // In Django a missing or bad refresh token is a 401. The cookies are deleted all the same, so the user is logged out.
  if (problem !== undefined && api.strict) return { ...reply, status: 401, body: detail(problem) };
  return { ...reply, status: 200, body: detail('Successfully logged out.') };
}

/** Denies the presented refresh tokens; answers what was wrong with them, if anything. */
async function denyPresented(call: Call, api: Api): Promise<string | undefined> {
  const cookies = cookieValues(call.request, api.config.cookies.refreshName);
  const last = cookies.at(-1);
  if (last === undefined) return MISSING;
  let problem: string | undefined;
  for (const token of api.strict ? [last] : cookies) {
    try {
      const claims = await verifyRefresh(api, token);
      await api.store.denyRefresh(refreshRecord(claims), call.now(), !api.strict);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      // Django looks for the id first, and takes its absence for the absence of the cookie.
      const nameless = error.claims !== undefined && !Object.hasOwn(error.claims, 'jti');
      problem = nameless ? MISSING : error.message;
    }
  }
  return problem;
}

export const logoutView: View = {
  name: 'Logout',
  description: 'Deletes both token cookies and denies the refresh token.',
  allow: ['GET', 'POST', 'HEAD', 'OPTIONS'],
  access: 'anyone',
  form: null,
  handlers: { POST: logout },
};
