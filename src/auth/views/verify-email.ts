import type { AuthConfig } from '../../config/types.ts';
import type { Api } from '../api.ts';
import { emailField, type Field, textField } from '../fields/field.ts';
import { validate } from '../fields/serializer.ts';
import { sendConfirmation } from '../mail/messages.ts';
import { notFound } from '../problems.ts';
import { type Call, detail, POST_ONLY, type Reply, type View } from '../view.ts';

const VERIFY_FIELDS = [textField('key')];
/** Where nobody gets in without an address, registering and resending insist on one. */
export function signupEmailField(config: AuthConfig): Field {
  const required = config.emailVerification === 'mandatory' || !config.loginBy.includes('username');
  return emailField('email', { required });
}

function resendFields(config: AuthConfig): readonly Field[] {
  return [signupEmailField(config)];
}

async function verifyEmail(call: Call, api: Api): Promise<Reply> {
  const { key = '' } = await validate(VERIFY_FIELDS, await call.body());
  const read = api.links.readConfirmKey(key, call.now());
  const user = read === undefined ? undefined : await api.store.userById(read.userId);
  if (user === undefined || user.emailVerified || api.links.emailMark(user.email) !== read?.emailMark)
    throw notFound();
  // Where somebody else has verified the address meanwhile, it stays as it is; the answer does not tell.
  await api.store.verifyEmail(user.id);
  return { status: 200, body: detail('ok') };
}

/** The answer never tells whether the address is known. */
async function resendEmail(call: Call, api: Api): Promise<Reply> {
  const { email } = await validate(resendFields(api.config), await call.body());
  // Exactly that address: allauth keeps addresses in lower case and does not lower this one.
  const user = (await api.store.usersByEmail(email ?? '')).find((holder) => holder.email === email);
  if (user !== undefined && user.email !== '' && !user.emailVerified) await sendConfirmation(api, user);
  return { status: 200, body: detail('ok') };
}

export const verifyEmailView: View = {
  name: 'Verify Email',
  description: 'Takes the key of the mail and marks the address as verified.',
  allow: ['POST', 'OPTIONS', 'HEAD'],
  access: 'anyone',
  form: { method: 'POST', fields: () => VERIFY_FIELDS },
  handlers: { POST: verifyEmail },
};

export const resendEmailView: View = {
  name: 'Resend Email Verification',
  description: 'Sends the verification mail once more, if the address waits for one.',
  allow: POST_ONLY,
  access: 'anyone',
  form: { method: 'POST', fields: resendFields },
  handlers: { POST: resendEmail },
};
