/**
 * All cookies of a Cookie header, in the order sent; a name may come twice (one cookie for the host, one for the
 * domain). Read as Django's parse_cookie does: a part without "=" is a value without a name.
 */
export function parseCookies(header: string | undefined): ReadonlyMap<string, readonly string[]> {
  const cookies = new Map<string, string[]>();
  for (const part of header?.split(';') ?? []) {
    const equals = part.indexOf('=');
    const name = equals < 0 ? '' : part.slice(0, equals).trim();
    const value = part.slice(equals + 1).trim();
    if (name === '' && value === '') continue;
    const values = cookies.get(name);
    if (values === undefined) cookies.set(name, [unquote(value)]);
    else values.push(unquote(value));
  }
  return cookies;
}

/** RFC 6265 allows quotes around a value; Python's http.cookies also escapes with a backslash inside. */
function unquote(value: string): string {
  if (value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  return value
    .slice(1, -1)
    .replaceAll(/\\(?:([0-3][0-7][0-7])|(.))/g, (_, octal: string | undefined, char: string) =>
      octal === undefined ? char : String.fromCharCode(Number.parseInt(octal, 8)),
    );
}

export interface CookieToSet {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** null: host-only. */
  readonly domain: string | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  readonly maxAgeSeconds: number;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: string;
}

/** The value of one Set-Cookie header. */
export function formatCookie(cookie: CookieToSet): string {
  return [
    `${cookie.name}=${cookie.value === '' ? '""' : cookie.value}`,
    ...(cookie.domain === null ? [] : [`Domain=${cookie.domain}`]),
    `expires=${new Date(cookie.expiresAt).toUTCString()}`,
    ...(cookie.httpOnly ? ['HttpOnly'] : []),
    `Max-Age=${cookie.maxAgeSeconds}`,
    `Path=${cookie.path}`,
    `SameSite=${cookie.sameSite}`,
    ...(cookie.secure ? ['Secure'] : []),
  ].join('; ');
}
