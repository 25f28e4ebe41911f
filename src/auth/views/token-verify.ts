import type { Api } from '../api.ts';
import { textField } from '../fields/field.ts';
import { validate } from '../fields/serializer.ts';
import { invalidAsAWhole, invalidToken } from '../problems.ts';
import { isDenied } from '../refresh.ts';
import type { Claims } from '../tokens/claims.ts';
import { TokenError } from '../tokens/tokens.ts';
import { type Call, POST_ONLY, type Reply, type View } from '../view.ts';

const FIELDS = [textField('token')];

async function verify(call: Call, api: Api): Promise<Reply> {
  const { token = '' } = await validate(FIELDS, await call.body());
  let claims: Claims;
  try {
    claims = api.tokens.verify(token, undefined);
  } catch (error) {
    if (error instanceof TokenError) throw invalidToken(error.message);
    throw error;
  }
  if (api.config.tokens.denyList && (await isDenied(api, claims)))
    throw invalidAsAWhole('Token is blacklisted');
  return { status: 200, body: {} };
}

export const tokenVerifyView: View = {
  name: 'Token Verify',
  description: 'Says whether a token of either type is good. Cookies are not read.',
  allow: POST_ONLY,
  access: 'unauthenticated',
  form: { method: 'POST', fields: () => FIELDS },
  handlers: { POST: verify },
};
