import { PythonJsonError, parsePythonJson } from '../body/python-json.ts';

/**
 * The outer form of a JWS in compact serialisation (RFC 7515, section 7.1), before any cryptography: three
 * segments of base64url in their only correct spelling, and a header that asks for nothing we do not do.
 * jsonwebtoken is more lenient in all of this.
 */

/** Longer tokens than any header or cookie could carry are not worth a signature check. */
const MAX_TOKEN_LENGTH = 65_536;

export interface TokenFormatOptions {
  /** PyJWT takes a signature with its "=" padding, and ignores `typ`. */
  readonly lenient: boolean;
}

/** A token in its only spelling, and what it claims. Nothing of it is verified yet. */
export interface ParsedToken {
  readonly token: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** undefined: this cannot be one of our tokens. */
export function parseToken(token: string, options: TokenFormatOptions): ParsedToken | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  const bare = options.lenient && signature.length % 4 === 0 ? signature.replace(/={1,2}$/, '') : signature;
  if (rest.length > 0 || ![header, payload, bare].every((segment) => isCanonicalBase64Url(segment)))
    return undefined;
  const claims = parseObject(payload);
  if (claims === undefined || !isAcceptableHeader(header, options)) return undefined;
  return { token: `${header}.${payload}.${bare}`, claims };
}

/** Exactly one spelling for each value: no padding, no other alphabet, no stray bits at the end. */
function isCanonicalBase64Url(segment: string): boolean {
  return segment !== '' && Buffer.from(segment, 'base64url').toString('base64url') === segment;
}

function isAcceptableHeader(segment: string, { lenient }: TokenFormatOptions): boolean {
  const header = parseObject(segment);
  if (header === undefined) return false;
  // `crit` names extensions that must be understood (RFC 7515, section 4.1.11); `b64` is one (RFC 7797). We know none.
  if ('crit' in header || header['b64'] === false) return false;
  if ('kid' in header && typeof header['kid'] !== 'string') return false;
  const { typ } = header;
  return lenient || typ === undefined || (typeof typ === 'string' && /^(?:application\/)?jwt$/i.test(typ));
}

/**
 * The JSON object in a segment, or undefined for anything else. An object that names a member twice is refused: who
 * reads the first one and who reads the last one would see two different tokens (RFC 7519, section 4).
 */
function parseObject(segment: string): Readonly<Record<string, unknown>> | undefined {
  const text = Buffer.from(segment, 'base64url').toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
    // Written back to the same text, as nearly every token is, it had every member once.
    if (JSON.stringify(value) !== text) parsePythonJson(text, { uniqueMembers: true });
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof PythonJsonError) return undefined;
    throw error;
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
