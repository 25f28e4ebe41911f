/**
 * A short mark of a secret, to recognise it again without keeping it: two 32-bit hashes and the length. It is no
 * protection against somebody who can read our memory; it keeps tokens out of everything that is shown or stored.
 */
export function fingerprint(secret: string): string {
  // FNV-1a (RFC 9923) beside a plain polynomial, which fails in other places.
  let fnv = 0x811c9dc5;
  let polynomial = 7;
  for (let at = 0; at < secret.length; at += 1) {
    const code = secret.charCodeAt(at);
    fnv = Math.imul(fnv ^ code, 0x01000193);
    polynomial = Math.imul(polynomial, 31) + code;
  }
  return `${fnv >>> 0}.${polynomial >>> 0}.${secret.length}`;
}
