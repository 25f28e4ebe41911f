import { integerField, textField, emailField, type Field } from './fields/field.ts';
import { MAX_USERNAME_LENGTH, usernamePatternMessages } from './fields/username.ts';
import type { User } from './store/types.ts';

/** The fields of dj-rest-auth's UserDetailsSerializer over Django's user model. */
export const USER_FIELDS: readonly Field[] = [
  integerField('pk', { label: 'ID', readOnly: true, required: false }),
  textField('username', {
    maxLength: MAX_USERNAME_LENGTH,
    helpText: 'Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.',
    checks: [usernamePatternMessages],
  }),
  emailField('email', { label: 'Email address', readOnly: true, required: false }),
  textField('first_name', { required: false, allowBlank: true, maxLength: 150 }),
  textField('last_name', { required: false, allowBlank: true, maxLength: 150 }),
];

/** A user as bodies show it. The tokens carry the id as text, the bodies as a number. */
export function userDetails(user: User): {
  readonly pk: number;
  readonly username: string;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
} {
  return {
    pk: user.id,
    username: user.username,
    email: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
  };
}
