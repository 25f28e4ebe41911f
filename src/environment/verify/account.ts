import { randomBytes } from 'node:crypto';
import type { InstanceRecord } from '../../control/types.ts';
import { openPage } from '../../doctor/api/page.ts';
import { findApi } from '../../doctor/api/target.ts';
import type { DoctorWorld } from '../../doctor/types.ts';
import { JwtDevError } from '../../errors.ts';
import type { Account } from './types.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * Who logs in: whom the user names, else the first user of the environment, else one who is registered for this.
 * @throws JwtDevError ERR_USAGE where there is nobody, and the API registers nobody either.
 */
export async function chooseAccount(
  login: Login | null,
  record: InstanceRecord,
  doctor: DoctorWorld,
): Promise<Account> {
  const { loginBy, users } = doctor.config.auth;
  if (login !== null)
    return accountOf(login.user, login.user.includes('@') ? login.user : '', login.password, loginBy);
  const inactive = new Set(users.flatMap(({ username, isActive }) => (isActive ? [] : [username])));
  const persona = record.facts?.users.find(({ username }) => !inactive.has(username));
  if (persona !== undefined) return accountOf(persona.username, persona.email, persona.password, loginBy);
  return registerAccount(record, doctor);
}

function accountOf(
  username: string,
  email: string,
  password: string,
  loginBy: DoctorWorld['config']['auth']['loginBy'],
): Account {
  const byEmail = email !== '' && (username === email || !loginBy.includes('username'));
  return {
    username: byEmail ? email : username,
    password,
    fields: byEmail ? { email, password } : { username, password },
  };
}

async function registerAccount(record: InstanceRecord, doctor: DoctorWorld): Promise<Account> {
  const target = await findApi({ url: null, login: null }, doctor, { running: record });
  const username = `verify-${randomBytes(5).toString('hex')}`;
  // Passes the password rules of Django.
  const password = randomBytes(18).toString('base64url');
  const email = `${username}@${doctor.config.site}`;
  const path = `${target.basePath}registration/`;
  const answer = await openPage(target, doctor).fetch({
    method: 'POST',
    path,
    json: { username, email, password1: password, password2: password },
  });
  // An API that is not there is found by the clients, who need some account for it.
  if (answer.silent !== null || answer.status < 400 || answer.status >= 500) {
    return accountOf(username, email, password, doctor.config.auth.loginBy);
  }
  throw new JwtDevError(
    'ERR_USAGE',
    `There is nobody to log in: the environment has no users of its own, and POST ${path} answered ${answer.status}`,
    { hint: `Name an account of your backend: ${doctor.typed} verify --login user:password` },
  );
}
