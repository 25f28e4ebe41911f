import type { Api } from '../api.ts';
import { userOfClaim } from '../authentication.ts';
import { type Body, type BodyValue, isMapping, isNumber } from '../body/values.ts';
import { textField } from '../fields/field.ts';
import { validate } from '../fields/serializer.ts';
import { cookieValues } from '../http/cookies.ts';
import { type ApiProblem, invalidToken, unauthorized } from '../problems.ts';
import { rotate, verifyRefresh } from '../refresh.ts';
import { accessCookie, refreshCookie } from '../token-cookies.ts';
import { type Claims, isPythonTrue } from '../tokens/claims.ts';
import { TokenError } from '../tokens/tokens.ts';
import { type Call, POST_ONLY, type Reply, type View } from '../view.ts';

// The text is dj-rest-auth's, with its typing mistake: it is part of the answer to OPTIONS.
const FIELDS = [textField('refresh', { required: false, helpText: 'WIll override cookie.' })];

/** What OPTIONS shows besides: the field of the answer. */
const SHOWN_FIELDS = [...FIELDS, textField('access', { readOnly: true })];

async function refresh(call: Call, api: Api): Promise<Reply> {
  const candidates = await presentedTokens(call, api);
  let problem: ApiProblem | undefined;
  for (const token of candidates) {
    try {
      return await exchange(token, api);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      problem ??= invalidToken(error.message);
    }
  }
  throw problem ?? invalidToken('No valid refresh token found.');
}

/** A token in the body comes before the cookie. Several cookies of one name: see authentication.ts. */
async function presentedTokens(call: Call, api: Api): Promise<readonly string[]> {
  const body = await call.body();
  const inBody = await bodyToken(body, api);
  if (inBody !== undefined) return [inBody];
  const cookies = cookieValues(call.request, api.config.cookies.refreshName);
  return api.strict ? cookies.slice(-1) : cookies.toReversed();
}

async function bodyToken(body: Body, api: Api): Promise<string | undefined> {
  const sent = isMapping(body.value) ? body.value.get('refresh') : undefined;
  // Django answers 400 to an empty one although the cookie is good.
  if (!api.strict && (sent === '' || sent === null)) return undefined;
  await validate(FIELDS, body);
  return sent === undefined || sent === '' ? undefined : rawText(sent);
}

/** The token as it was sent: unlike other fields it is not trimmed. */
function rawText(value: BodyValue): string {
  if (typeof value === 'string') return value;
  return value !== null && isNumber(value) ? value.text : '';
}

async function exchange(token: string, api: Api): Promise<Reply> {
  const { cookies, tokens } = api.config;
  // With `revoke-family` a used token must reach the ledger: its use is what revokes the family.
  const claims = revokesOnReuse(api) ? api.tokens.verify(token, 'refresh') : await verifyRefresh(api, token);
  await requireActiveUser(claims, api);
  const next = tokens.rotate ? await rotate(api, claims) : undefined;
  const now = api.clock().getTime();
  const access = api.tokens.accessFor(claims);
  const newRefresh = next === undefined ? undefined : api.tokens.sign(next);
  const expiration = (seconds: number): string => isoMicroseconds(now + seconds * 1000);
  return {
    status: 200,
    body: {
      access,
      access_expiration: expiration(tokens.accessSeconds),
      ...(newRefresh === undefined || cookies.httpOnly
        ? {}
        : { refresh: newRefresh, refresh_expiration: expiration(tokens.refreshSeconds) }),
    },
    cookies: [
      accessCookie(access, cookies, tokens, now),
      ...(newRefresh === undefined ? [] : [refreshCookie(newRefresh, cookies, tokens, now)]),
    ],
  };
}

function revokesOnReuse({ config, strict }: Api): boolean {
  return !strict && config.tokens.rotate && config.tokens.denyList && config.tokens.reuse === 'revoke-family';
}

/** A token without a user id is good for simplejwt, whatever it may be good for. */
async function requireActiveUser(claims: Claims, api: Api): Promise<void> {
  if (!isPythonTrue(claims['user_id'])) return;
  const user = await userOfClaim(claims['user_id'], api);
  if (user === undefined || !user.isActive) {
    throw unauthorized({ detail: 'No active account found for the given token.' });
  }
}

/** Python's isoformat() of a time in UTC: six digits of a second, as our clock knows three. */
function isoMicroseconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}

export const tokenRefreshView: View = {
  name: 'Refresh View With Cookie Support',
  description: 'Exchanges a refresh token, from the body or the cookie, for a new access token.',
  allow: POST_ONLY,
  access: 'unauthenticated',
  form: { method: 'POST', fields: () => SHOWN_FIELDS },
  handlers: { POST: refresh },
};
