/** A decoded JWT, without its signature. */
export interface DecodedToken {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Reads a JWT (RFC 7519, 7.2). Nobody looks at the signature here.
 * @returns null for what is none.
 */
export function decodeToken(text: string): DecodedToken | null {
  const parts = unquoted(text).split('.');
  if (parts.length !== 3) return null;
  const [header, claims] = [readPart(parts[0] ?? ''), readPart(parts[1] ?? '')];
  return header === null || claims === null ? null : { header, claims };
}

/** Cookies may be quoted (RFC 6265, 4.1.1). */
function unquoted(text: string): string {
  return /^"(.*)"$/s.exec(text)?.[1] ?? text;
}

function readPart(base64url: string): Readonly<Record<string, unknown>> | null {
  if (!/^[\w-]+$/.test(base64url)) return null;
  try {
    const bytes = Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
      char.charCodeAt(0),
    );
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    // atob's DOMException for a length that no base64 has.
    if (error instanceof Error && error.name === 'InvalidCharacterError') return null;
    throw error;
  }
}

/** A claim that is a NumericDate (RFC 7519, 2), as ISO 8601 in UTC; null where it is none, or no date that there is. */
export function claimTime(claims: Readonly<Record<string, unknown>>, name: string): string | null {
  const seconds = claims[name];
  if (typeof seconds !== 'number' || !(Math.abs(seconds) <= MAX_SECONDS)) return null;
  return new Date(seconds * 1000).toISOString();
}

/** The range of a `Date` (ECMA-262, 21.4.1.1). */
const MAX_SECONDS = 8.64e12;

/**
 * JSON's `{` in base64url, with what may follow it: `"`, or white space. JWE has five parts (RFC 7516, 3.1). A word is only
 * looked into where a part follows it, so that none is gone through more than once.
 */
const TOKENS =
  /(?<![\w-])(?=[\w-]+\.[\w-]{2})([\w-]*?)((?:eyJ|eyA|ewo|ew0|ewk)[\w-]{6,}\.[\w-]{2,}(?:\.[\w-]*){0,3})/g;

/** Each token in a text replaced. */
export function replaceTokens(text: string, replace: (token: string) => string): string {
  if (!text.includes('.')) return text;
  return text.replace(TOKENS, (_, before: string, token: string) => before + replace(token));
}

/** All that is said of a secret: whether it is a token, and how long it lives. */
export function secretLabel(secret: string): string {
  const token = decodeToken(secret);
  if (token === null) return '(hidden)';
  const expires = claimTime(token.claims, 'exp');
  return expires === null ? '(token)' : `(token, expires ${expires.replace('.000Z', 'Z')})`;
}
