export interface TokenTimes {
  /** Milliseconds since 1970; null where the token does not say. */
  readonly expiresAt: number | null;
  readonly issuedAt: number | null;
}

/**
 * When a JWT was made and when it ends (RFC 7519, 4.1). Nobody looks at the signature here: it says what a backend
 * will find, not whom to trust.
 * @returns null for what is no JWT.
 */
export function tokenTimes(token: string): TokenTimes | null {
  const parts = token.replace(/^"(.*)"$/, '$1').split('.');
  if (parts.length !== 3) return null;
  const claims = readJson(parts[1] ?? '');
  if (typeof claims !== 'object' || claims === null) return null;
  return { expiresAt: timeOf(claims, 'exp'), issuedAt: timeOf(claims, 'iat') };
}

function readJson(base64url: string): unknown {
  if (!/^[\w-]+$/.test(base64url)) return null;
  try {
    return JSON.parse(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    // atob's DOMException for a length that no base64 has.
    if (error instanceof Error && error.name === 'InvalidCharacterError') return null;
    throw error;
  }
}

function timeOf(claims: object, name: string): number | null {
  const seconds = (claims as Readonly<Record<string, unknown>>)[name];
  return typeof seconds === 'number' && Number.isFinite(seconds) ? seconds * 1000 : null;
}
