import type { Api } from '../api.ts';
import { findByCredentials, type GivenCredentials } from '../credentials.ts';
import { emailField, textField } from '../fields/field.ts';
import { validate } from '../fields/serializer.ts';
import { invalidAsAWhole, throttled } from '../problems.ts';
import { csrfCookies, sessionCookies, startSession } from '../sessions.ts';
import { caseKey, type User } from '../store/types.ts';
import { userDetails } from '../user-details.ts';
import { type Call, POST_ONLY, type Reply, type View } from '../view.ts';

const FIELDS = [
  textField('username', { required: false, allowBlank: true }),
  emailField('email', { required: false, allowBlank: true }),
  textField('password'),
];

async function login(call: Call, api: Api): Promise<Reply> {
  const { username = '', email = '', password = '' } = await validate(FIELDS, await call.body());
  const user = await findLimited({ username, email, password }, call, api);
  if (user === undefined) throw invalidAsAWhole('Unable to log in with provided credentials.');
  if (api.config.emailVerification === 'mandatory' && !user.emailVerified) {
    throw invalidAsAWhole('E-mail is not verified.');
  }
  return finishLogin(user, call, api);
}

/** @throws ApiProblem 429 after too many failures; the password is then not even looked at. */
async function findLimited(given: GivenCredentials, call: Call, api: Api): Promise<User | undefined> {
  const account = caseKey(given.email === '' ? given.username : given.email);
  const address = call.request.ip ?? '';
  const seconds = api.loginLimiter.secondsToWait(account, address);
  if (seconds > 0) throw throttled(seconds);
  const user = await findByCredentials(given, api);
  if (user === undefined) api.loginLimiter.recordFailure(account, address);
  else api.loginLimiter.forgive(account);
  return user;
}

async function finishLogin(user: User, call: Call, api: Api): Promise<Reply> {
  const session = await startSession(api, user, call.now());
  return {
    status: 200,
    body: {
      access: session.access,
      refresh: api.config.cookies.httpOnly ? '' : session.refresh,
      user: userDetails(user, api.config.userFields),
    },
    cookies: [...sessionCookies(api, session), ...csrfCookies(call.request, api)],
    variesByCookie: true,
  };
}

export const loginView: View = {
  name: 'Login',
  description: 'Checks a username or an e-mail address with a password, sets both token cookies.',
  allow: POST_ONLY,
  access: 'anyone',
  form: { method: 'POST', fields: () => FIELDS },
  handlers: { POST: login },
};
