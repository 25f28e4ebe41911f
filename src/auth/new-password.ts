import type { Api } from './api.ts';
import { textField } from './fields/field.ts';
import type { Values } from './fields/serializer.ts';
import { passwordMessages } from './passwords/validators.ts';
import { invalid } from './problems.ts';
import type { User } from './store/types.ts';

/** The two fields in which a new password is asked for. */
export const NEW_PASSWORD_FIELDS = [
  textField('new_password1', { maxLength: 128 }),
  textField('new_password2', { maxLength: 128 }),
];

/**
 * Django's SetPasswordForm: both the same, and good enough for that user.
 * @throws ApiProblem 400
 */
export async function checkNewPassword(
  user: User,
  values: Values,
  api: Pick<Api, 'config'>,
): Promise<string> {
  const { new_password1: first = '', new_password2: second = '' } = values;
  // With a typographic apostrophe, unlike the registration's message.
  if (first !== second) throw invalid({ new_password2: ['The two password fields didn’t match.'] });
  const messages = await passwordMessages(second, user, api.config.passwordRules);
  if (messages.length > 0) throw invalid({ new_password2: messages });
  return second;
}
