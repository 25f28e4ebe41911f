import { createHash, type JsonWebKey, type KeyObject } from 'node:crypto';

/** Where resource servers look for the public key. */
export const JWKS_PATH = '/.well-known/jwks.json';

/** The members that a thumbprint covers, in lexical order (RFC 7638, section 3.2). */
const THUMBPRINT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  RSA: ['e', 'kty', 'n'],
};

/** RFC 7638 SHA-256 thumbprint of a public key, as its key id. */
export function thumbprint(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' }) as Readonly<Record<string, unknown>>;
  const members = THUMBPRINT_MEMBERS[String(jwk['kty'])] ?? [];
  const text = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])));
  return createHash('sha256').update(text).digest('base64url');
}

/** The key set that resource servers fetch (RFC 7517, section 5). Public members only. */
export function publicKeySet(
  key: KeyObject,
  id: string,
  algorithm: string,
): { readonly keys: readonly JsonWebKey[] } {
  const jwk = key.export({ format: 'jwk' });
  return { keys: [{ ...jwk, kid: id, alg: algorithm, use: 'sig' }] };
}
