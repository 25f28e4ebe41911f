import { JwtDevError } from '../../errors.ts';
import { DEEPEST, isTooDeep } from '../../verdicts/view/shallow.ts';
import type { TryRequest } from './types.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/**
 * What a form wants to be asked. The path is one on the API's host: it begins with a slash, and holds what may stand
 * in a request line (RFC 3986, section 3.3), so that it can lead nowhere else.
 * @throws JwtDevError ERR_USAGE
 */
export function parseTryRequest(value: unknown): TryRequest {
  if (typeof value !== 'object' || value === null) throw wrong('must be an object');
  const { method: wanted, path, json } = value as Readonly<Record<string, unknown>>;
  const method = METHODS.find((known) => known === wanted);
  if (method === undefined) throw wrong(`needs a method: ${METHODS.join(', ')}`);
  if (typeof path !== 'string' || !/^\/[\w.~!$&'()*+,;=:@%/?-]*$/.test(path) || path.length > 2_000)
    throw wrong('needs a path that begins with a slash, such as "/auth/login/"; write the rest as %XX');
  if (json === undefined) return { method, path };
  // fetch() refuses it as well.
  if (method === 'GET') throw wrong('cannot have a body with GET');
  if (isTooDeep(json)) throw wrong(`may nest its json ${DEEPEST} levels deep at most`);
  return { method, path, json };
}

function wrong(what: string): JwtDevError {
  return new JwtDevError('ERR_USAGE', `The request ${what}`);
}
