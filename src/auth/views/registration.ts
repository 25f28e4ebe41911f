import type { AuthConfig } from '../../config/types.ts';
import type { Api } from '../api.ts';
import { type Field, type FieldResult, textField } from '../fields/field.ts';
import { validate } from '../fields/serializer.ts';
import { checkUsername, MAX_USERNAME_LENGTH, USERNAME_TAKEN } from '../fields/username.ts';
import { sendConfirmation } from '../mail/messages.ts';
import { passwordMessages } from '../passwords/validators.ts';
import { invalid, invalidAsAWhole } from '../problems.ts';
import { csrfCookies, startSession } from '../sessions.ts';
import type { User } from '../store/types.ts';
import { userDetails } from '../user-details.ts';
import { type Call, detail, POST_ONLY, type Reply, type View } from '../view.ts';
import { signupEmailField } from './verify-email.ts';

function registrationFields(config: AuthConfig): readonly Field[] {
  return [
    textField('username', { minLength: 1, maxLength: MAX_USERNAME_LENGTH }),
    signupEmailField(config),
    textField('password1'),
    textField('password2'),
  ];
}

async function register(call: Call, api: Api): Promise<Reply> {
  const values = await validate(registrationFields(api.config), await call.body(), {
    checks: {
      username: (name) => checkUsername(name, api, null),
      email: (email) => checkEmail(email, api),
      password1: (password) => checkPassword(password, api),
    },
  });
  const { username = '', email = '', password1 = '', password2 = '' } = values;
  if (password1 !== password2) throw invalidAsAWhole("The two password fields didn't match.");
  const person = { username, email: email.toLowerCase(), firstName: '', lastName: '' };
  const messages = await passwordMessages(password1, person, api.config.passwordRules);
  if (messages.length > 0) throw invalidAsAWhole(...messages);
  const user = await createUser(person, password1, call, api);
  return finishRegistration(user, call, api);
}

async function createUser(
  person: Pick<User, 'username' | 'email' | 'firstName' | 'lastName'>,
  password: string,
  call: Call,
  api: Api,
): Promise<User> {
  const user = await api.store.addUser({
    ...person,
    id: null,
    emailVerified: false,
    passwordHash: await api.passwords.hash(password),
    isActive: true,
    joinedAt: call.now(),
    lastLoginAt: null,
    extra: {},
  });
  // Somebody registered the name while the password was being hashed.
  if (user === undefined) throw invalid({ username: [USERNAME_TAKEN] });
  return user;
}

/** Registration sets no cookies: both tokens are in the body, the refresh token too, HttpOnly or not. */
async function finishRegistration(user: User, call: Call, api: Api): Promise<Reply> {
  const { emailVerification } = api.config;
  if (emailVerification !== 'none' && user.email !== '') await sendConfirmation(api, user);
  if (emailVerification === 'mandatory') {
    return { status: 201, body: detail('Verification e-mail sent.'), variesByCookie: true };
  }
  const session = await startSession(api, user, call.now());
  return {
    status: 201,
    body: {
      access: session.access,
      refresh: session.refresh,
      user: userDetails(user, api.config.userFields),
    },
    cookies: csrfCookies(call.request, api),
    variesByCookie: true,
  };
}

/** An address that is taken, but that nobody has verified, may be registered again. */
async function checkEmail(email: string, api: Api): Promise<FieldResult> {
  const holders = await api.store.usersByEmail(email.toLowerCase());
  return holders.some((user) => user.emailVerified)
    ? { messages: ['User is already registered with this e-mail address.'] }
    : { value: email };
}

async function checkPassword(password: string, api: Api): Promise<FieldResult> {
  const messages = await passwordMessages(password, undefined, api.config.passwordRules);
  return messages.length > 0 ? { messages } : { value: password };
}

export const registrationView: View = {
  name: 'Register',
  description: 'Makes a new user and answers both tokens in the body.',
  allow: POST_ONLY,
  access: 'anyone',
  form: { method: 'POST', fields: registrationFields },
  handlers: { POST: register },
};
