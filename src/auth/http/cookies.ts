import type { Request } from 'express';

/**
 * All values that were sent under a name, in their order: a browser may hold one cookie for the host and one for
 * the domain. cookie-parser keeps the first of them, Django the last, so the header is read again where there is one.
 */
export function cookieValues(request: Pick<Request, 'cookies' | 'headers'>, name: string): readonly string[] {
  const parsed = request.cookies as Readonly<Record<string, unknown>>;
  if (!Object.hasOwn(parsed, name)) return [];
  const pairs = (request.headers.cookie ?? '').split(';').map((part) => part.split('='));
  return pairs
    .filter(([key = '', ...value]) => value.length > 0 && key.trim() === name)
    .map(([, ...value]) => decodeCookieValue(value.join('=').trim()));
}

/** RFC 6265 allows quotes around a value; Python's http.cookies also escapes with a backslash inside. */
export function decodeCookieValue(value: string): string {
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
