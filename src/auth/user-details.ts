import type { AuthConfig, UserFieldConfig } from '../config/types.ts';
import { emailField, type Field, integerField, textField } from './fields/field.ts';
import { MAX_USERNAME_LENGTH, usernamePatternMessages } from './fields/username.ts';
import type { Json } from './problems.ts';
import type { ExtraValue, User } from './store/types.ts';

/** The fields of dj-rest-auth's UserDetailsSerializer over Django's user model. */
const DJANGO_FIELDS: readonly Field[] = [
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

/** All fields of a user: Django's, then those of the configuration. */
export function userFields(config: Pick<AuthConfig, 'userFields'>): readonly Field[] {
  const extra = config.userFields.map(({ name, writable }) =>
    textField(name, { required: false, allowBlank: true, readOnly: !writable, maxLength: 255 }),
  );
  return [...DJANGO_FIELDS, ...extra];
}

/** A user as bodies show it. The tokens carry the id as text, the bodies as a number. */
export function userDetails(user: User, extraFields: readonly UserFieldConfig[]): Json {
  return {
    pk: user.id,
    username: user.username,
    email: user.email,
    first_name: user.firstName,
    last_name: user.lastName,
    ...Object.fromEntries(extraFields.map(({ name }) => [name, user.extra[name] ?? null])),
  };
}

/** The fields that stand in the tokens as claims. */
export function extraClaims(
  user: User,
  extraFields: readonly UserFieldConfig[],
): Readonly<Record<string, ExtraValue>> {
  const claims = extraFields.filter(({ claim }) => claim);
  return Object.fromEntries(claims.map(({ name }) => [name, user.extra[name] ?? null]));
}
