import type { TryRequest } from '../shapes.ts';

/** What a field of a form begins with: something of the chosen user, or of the newest mail. */
export type Prefill = 'username' | 'email' | 'password' | 'uid' | 'token' | 'key';

export interface EndpointField {
  readonly name: string;
  readonly label: string;
  readonly prefill?: Prefill;
  /** Left out of the body where it is empty. */
  readonly isOptional?: true;
}

/** An endpoint of the auth API, as a form. */
export interface Endpoint {
  readonly id: string;
  readonly title: string;
  readonly method: TryRequest['method'];
  /** Below the base path. */
  readonly path: string;
  readonly about: string;
  readonly fields: readonly EndpointField[];
}

const USERNAME: EndpointField = { name: 'username', label: 'Username', prefill: 'username' };
const EMAIL: EndpointField = { name: 'email', label: 'E-mail', prefill: 'email' };
const NAMES: readonly EndpointField[] = [
  { name: 'first_name', label: 'First name', isOptional: true },
  { name: 'last_name', label: 'Last name', isOptional: true },
];
const NEW_PASSWORD: readonly EndpointField[] = [
  { name: 'new_password1', label: 'New password' },
  { name: 'new_password2', label: 'New password again' },
];

export const ENDPOINTS: readonly Endpoint[] = [
  {
    id: 'login',
    title: 'Log in',
    method: 'POST',
    path: 'login/',
    about: 'Checks a username or an e-mail address with a password and sets both token cookies.',
    fields: [USERNAME, { name: 'password', label: 'Password', prefill: 'password' }],
  },
  {
    id: 'user',
    title: 'Who am I',
    method: 'GET',
    path: 'user/',
    about: 'Reads the user whom the access cookie names.',
    fields: [],
  },
  {
    id: 'user-put',
    title: 'Replace details',
    method: 'PUT',
    path: 'user/',
    about: 'Writes all details of the user who asks.',
    fields: [USERNAME, ...NAMES],
  },
  {
    id: 'user-patch',
    title: 'Change details',
    method: 'PATCH',
    path: 'user/',
    about: 'Writes only the details that are filled in.',
    fields: [{ ...USERNAME, isOptional: true }, ...NAMES],
  },
  {
    id: 'refresh',
    title: 'Refresh tokens',
    method: 'POST',
    path: 'token/refresh/',
    about: 'Exchanges the refresh cookie for new tokens. A token in the body comes before the cookie.',
    fields: [{ name: 'refresh', label: 'Refresh token', isOptional: true }],
  },
  {
    id: 'verify',
    title: 'Verify a token',
    method: 'POST',
    path: 'token/verify/',
    about: 'Says whether a token is good. Cookies are not read.',
    fields: [{ name: 'token', label: 'Token' }],
  },
  {
    id: 'logout',
    title: 'Log out',
    method: 'POST',
    path: 'logout/',
    about: 'Ends the session and deletes both cookies.',
    fields: [],
  },
  {
    id: 'password-change',
    title: 'Change the password',
    method: 'POST',
    path: 'password/change/',
    about: 'Sets a new password for the user who asks.',
    fields: [
      { name: 'old_password', label: 'Old password', prefill: 'password', isOptional: true },
      ...NEW_PASSWORD,
    ],
  },
  {
    id: 'password-reset',
    title: 'Ask for a password reset',
    method: 'POST',
    path: 'password/reset/',
    about: 'Sends a mail with a link that sets a new password.',
    fields: [EMAIL],
  },
  {
    id: 'password-reset-confirm',
    title: 'Confirm the password reset',
    method: 'POST',
    path: 'password/reset/confirm/',
    about: 'Sets a new password with the uid and the token of the mail.',
    fields: [
      { name: 'uid', label: 'uid', prefill: 'uid' },
      { name: 'token', label: 'Token', prefill: 'token' },
      ...NEW_PASSWORD,
    ],
  },
  {
    id: 'registration',
    title: 'Register',
    method: 'POST',
    path: 'registration/',
    about: 'Makes a new user and answers both tokens in the body.',
    fields: [
      { name: 'username', label: 'Username' },
      { name: 'email', label: 'E-mail', isOptional: true },
      { name: 'password1', label: 'Password' },
      { name: 'password2', label: 'Password again' },
    ],
  },
  {
    id: 'verify-email',
    title: 'Verify an e-mail address',
    method: 'POST',
    path: 'registration/verify-email/',
    about: 'Takes the key of the mail and marks the address as verified.',
    fields: [{ name: 'key', label: 'Key', prefill: 'key' }],
  },
  {
    id: 'resend-email',
    title: 'Send the verification mail again',
    method: 'POST',
    path: 'registration/resend-email/',
    about: 'Sends the mail once more, if the address waits for one.',
    fields: [EMAIL],
  },
];

/** The request that a filled-in form makes. */
export function tryRequest(
  endpoint: Endpoint,
  basePath: string,
  values: Readonly<Record<string, string>>,
): TryRequest {
  const path = `${basePath}${endpoint.path}`;
  if (endpoint.method === 'GET') return { method: 'GET', path };
  const filled = endpoint.fields.flatMap(({ name, isOptional }) => {
    const value = values[name] ?? '';
    return value === '' && isOptional === true ? [] : [[name, value] as const];
  });
  return { method: endpoint.method, path, json: Object.fromEntries(filled) };
}
