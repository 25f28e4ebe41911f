import type { AuthConfig } from '../../config/types.ts';
import type { Api } from '../api.ts';
import { type Field, type FieldResult, textField } from '../fields/field.ts';
import { validate } from '../fields/serializer.ts';
import { checkNewPassword, NEW_PASSWORD_FIELDS } from '../new-password.ts';
import { notAuthenticated } from '../problems.ts';
import type { User } from '../store/types.ts';
import { type Call, detail, POST_ONLY, type Reply, type View } from '../view.ts';

function changeFields(config: AuthConfig): readonly Field[] {
  const old = textField('old_password', { maxLength: 128 });
  return config.askOldPassword ? [old, ...NEW_PASSWORD_FIELDS] : NEW_PASSWORD_FIELDS;
}

async function checkOldPassword(old: string, user: User, api: Api): Promise<FieldResult> {
  return (await api.passwords.verify(old, user.passwordHash))
    ? { value: old }
    : { messages: ['Your old password was entered incorrectly. Please enter it again.'] };
}

/** Tokens stay valid, as in dj-rest-auth's default. */
async function changePassword(call: Call, api: Api): Promise<Reply> {
  const { user } = call;
  if (user === undefined) throw notAuthenticated();
  const values = await validate(changeFields(api.config), await call.body(), {
    checks: { old_password: (old) => checkOldPassword(old, user, api) },
  });
  const password = await checkNewPassword(user, values, api);
  await api.store.changeUser(user.id, { passwordHash: await api.passwords.hash(password) });
  return { status: 200, body: detail('New password has been saved.'), variesByCookie: true };
}

export const passwordChangeView: View = {
  name: 'Password Change',
  description: 'Sets a new password for the user who asks.',
  allow: POST_ONLY,
  access: 'users',
  form: { method: 'POST', fields: changeFields },
  handlers: { POST: changePassword },
};
