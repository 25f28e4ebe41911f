import type { Api } from '../api.ts';
import { emailField, textField } from '../fields/field.ts';
import { validate } from '../fields/serializer.ts';
import { decodeUserId } from '../mail/link-tokens.ts';
import { sendPasswordReset } from '../mail/messages.ts';
import { checkNewPassword, NEW_PASSWORD_FIELDS } from '../new-password.ts';
import { invalid } from '../problems.ts';
import { type Call, detail, POST_ONLY, type Reply, type View } from '../view.ts';

const RESET_FIELDS = [emailField('email')];
const CONFIRM_FIELDS = [...NEW_PASSWORD_FIELDS, textField('uid'), textField('token')];

/** The answer never tells whether the address is known. Accounts that share it all get a mail. */
async function resetPassword(call: Call, api: Api): Promise<Reply> {
  const { email = '' } = await validate(RESET_FIELDS, await call.body());
  for (const user of await api.store.usersByEmail(email.toLowerCase())) {
    if (user.isActive) await sendPasswordReset(api, user);
  }
  return { status: 200, body: detail('Password reset e-mail has been sent.') };
}

async function confirmReset(call: Call, api: Api): Promise<Reply> {
  const values = await validate(CONFIRM_FIELDS, await call.body());
  const id = decodeUserId(values['uid'] ?? '');
  const user = id === undefined ? undefined : await api.store.userById(id);
  if (user === undefined) throw invalid({ uid: ['Invalid value'] });
  if (!api.links.checkResetToken(user, values['token'] ?? '', call.now())) {
    throw invalid({ token: ['Invalid value'] });
  }
  const password = await checkNewPassword(user, values, api);
  await api.store.changeUser(user.id, { passwordHash: await api.passwords.hash(password) });
  return { status: 200, body: detail('Password has been reset with the new password.') };
}

export const passwordResetView: View = {
  name: 'Password Reset',
  description: 'Sends a mail with a link that sets a new password.',
  allow: POST_ONLY,
  access: 'anyone',
  form: { method: 'POST', fields: () => RESET_FIELDS },
  handlers: { POST: resetPassword },
};

export const passwordResetConfirmView: View = {
  name: 'Password Reset Confirm',
  description: "Sets a new password with the link's uid and token.",
  allow: POST_ONLY,
  access: 'anyone',
  form: { method: 'POST', fields: () => CONFIRM_FIELDS },
  handlers: { POST: confirmReset },
};
