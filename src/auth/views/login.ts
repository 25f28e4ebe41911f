import type { Api } from '../api.ts';
import { emailField, textField } from '../fields/field.ts';
import { validate } from '../fields/serializer.ts';
import { findByCredentials } from '../credentials.ts';
import { invalidAsAWhole } from '../problems.ts';
import { sessionCookies, startSession } from '../sessions.ts';
import type { User } from '../store/types.ts';
import { userDetails } from '../user-details.ts';
import { type Call, POST_ONLY, type Reply, type View } from '../view.ts';

const FIELDS = [
  textField('username', { required: false, allowBlank: true }),
  emailField('email', { required: false, allowBlank: true }),
  textField('password'),
];

async function login(call: Call, api: Api): Promise<Reply> {
  const { username = '', email = '', password = '' } = await validate(FIELDS, await call.body());
  const user = await findByCredentials({ username, email, password }, api);
  if (user === undefined) throw invalidAsAWhole('Unable to log in with provided credentials.');
  if (api.config.emailVerification === 'mandatory' && !user.emailVerified) {
    throw invalidAsAWhole('E-mail is not verified.');
  }
  return finishLogin(user, call, api);
}

async function finishLogin(user: User, call: Call, api: Api): Promise<Reply> {
  const session = await startSession(api, user);
  await api.store.changeUser(user.id, { lastLoginAt: call.now() });
  return {
    status: 200,
    body: {
      access: session.access,
      refresh: api.config.cookies.httpOnly ? '' : session.refresh,
      user: userDetails(user),
    },
    cookies: sessionCookies(api, session),
    variesByCookie: true,
  };
}

export const loginView: View = {
  name: 'Login',
  description: 'Checks a username or an e-mail address with a password, sets both token cookies.',
  allow: POST_ONLY,
  access: 'anyone',
  form: { method: 'POST', fields: FIELDS },
  handlers: { POST: login },
};
