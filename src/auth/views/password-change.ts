import type { Api } from '../api.ts';
import { validate } from '../fields/serializer.ts';
import { checkNewPassword, NEW_PASSWORD_FIELDS } from '../new-password.ts';
import { notAuthenticated } from '../problems.ts';
import { type Call, detail, POST_ONLY, type Reply, type View } from '../view.ts';

/** The old password is not asked for, and tokens stay valid: both as in dj-rest-auth's default. */
async function changePassword(call: Call, api: Api): Promise<Reply> {
  const { user } = call;
  if (user === undefined) throw notAuthenticated();
  const values = await validate(NEW_PASSWORD_FIELDS, await call.body());
  const password = await checkNewPassword(user, values);
  await api.store.changeUser(user.id, { passwordHash: await api.passwords.hash(password) });
  return { status: 200, body: detail('New password has been saved.'), variesByCookie: true };
}

export const passwordChangeView: View = {
  name: 'Password Change',
  description: 'Sets a new password for the user who asks.',
  allow: POST_ONLY,
  access: 'users',
  form: { method: 'POST', fields: NEW_PASSWORD_FIELDS },
  handlers: { POST: changePassword },
};
