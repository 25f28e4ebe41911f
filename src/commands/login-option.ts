import { JwtDevError } from '../errors.ts';

/**
 * What `--login user:password` says. The name of a user has no colon (RFC 7617, section 2); a password may have.
 * @param example the command as it is meant.
 * @throws JwtDevError ERR_USAGE
 */
export function parseAccount(
  text: string,
  example: string,
): { readonly user: string; readonly password: string } {
  const [, user, password] = /^([^:]+):([^]+)$/.exec(text) ?? [];
  if (user !== undefined && password !== undefined) return { user, password };
  throw new JwtDevError('ERR_USAGE', '--login needs user:password', { hint: example });
}
