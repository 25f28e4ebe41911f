import { timingSafeEqual } from 'node:crypto';

/** Django's double submit: the same secret in a cookie that the page can read and in a header that only it can set. */

export const CSRF_COOKIE = 'csrftoken';

/** CSRF_COOKIE_AGE: a year of 52 weeks. */
export const CSRF_COOKIE_SECONDS = 31_449_600;

const SECRET_LENGTH = 32;
const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export interface CsrfRequest {
  readonly method: string;
  /** The request came over TLS: then a Referer is asked for where no Origin was sent. */
  readonly secure: boolean;
  readonly host: string;
  readonly origin: string | undefined;
  readonly referer: string | undefined;
  readonly cookie: string | undefined;
  readonly header: string | undefined;
}

/** Why Django's CsrfViewMiddleware refuses the request, in its words; undefined: it does not. */
export function csrfProblem(request: CsrfRequest, trustedOrigins: readonly string[]): string | undefined {
  if (['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(request.method)) return undefined;
  return sourceProblem(request, trustedOrigins) ?? tokenProblem(request.cookie, request.header);
}

function sourceProblem(request: CsrfRequest, trustedOrigins: readonly string[]): string | undefined {
  const { origin, secure, host } = request;
  if (origin !== undefined) {
    const own = `${secure ? 'https' : 'http'}://${host}`;
    return origin === own || trustedOrigins.includes(origin)
      ? undefined
      : `Origin checking failed - ${origin} does not match any trusted origins.`;
  }
  return secure ? refererProblem(request, trustedOrigins) : undefined;
}

function refererProblem(
  { referer, host }: CsrfRequest,
  trustedOrigins: readonly string[],
): string | undefined {
  if (referer === undefined) return 'Referer checking failed - no Referer.';
  const url = URL.canParse(referer) ? new URL(referer) : undefined;
  if (url === undefined || url.host === '') return 'Referer checking failed - Referer is malformed.';
  if (url.protocol !== 'https:') return 'Referer checking failed - Referer is insecure while host is secure.';
  return url.host === host || trustedOrigins.includes(url.origin)
    ? undefined
    : `Referer checking failed - ${referer} does not match any trusted origins.`;
}

function tokenProblem(cookie: string | undefined, header: string | undefined): string | undefined {
  if (cookie === undefined) return 'CSRF cookie not set.';
  const badCookie = formatProblem(cookie);
  if (badCookie !== undefined) return `CSRF cookie ${badCookie}.`;
  if (header === undefined) return 'CSRF token missing.';
  const problem = formatProblem(header) ?? (isSame(cookie, header) ? undefined : 'incorrect');
  return problem === undefined ? undefined : `CSRF token from the 'X-Csrftoken' HTTP header ${problem}.`;
}

function formatProblem(token: string): string | undefined {
  if (token.length !== SECRET_LENGTH && token.length !== 2 * SECRET_LENGTH) return 'has incorrect length';
  return /^[A-Za-z0-9]*$/.test(token) ? undefined : 'has invalid characters';
}

function isSame(cookie: string, header: string): boolean {
  return timingSafeEqual(Buffer.from(unmask(cookie)), Buffer.from(unmask(header)));
}

/** Django's templates hand out the secret behind a random mask: mask first, then the sum of both, letter by letter. */
function unmask(token: string): string {
  if (token.length === SECRET_LENGTH) return token;
  const index = (at: number): number => ALPHABET.indexOf(token.charAt(at));
  const size = ALPHABET.length;
  const letters = Array.from({ length: SECRET_LENGTH }, (_, at) =>
    ALPHABET.charAt((index(SECRET_LENGTH + at) - index(at) + size) % size),
  );
  return letters.join('');
}

/** A new secret for the cookie. */
export function createCsrfSecret(randomBytes: (size: number) => Buffer): string {
  // 62 does not divide 256: bytes from 248 on are left out, or the first letters would come more often.
  let secret = '';
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(SECRET_LENGTH)) {
      if (byte < 248 && secret.length < SECRET_LENGTH) secret += ALPHABET[byte % ALPHABET.length];
    }
  }
  return secret;
}

/**
 * The Domain of the cookie: the frontend's host where the API is below it, so that the page can read the cookie.
 * Django's default is host-only, and then it cannot; null in strict mode.
 */
export function csrfCookieDomain(apiHost: string, frontendHost: string): string | null {
  return apiHost.endsWith(`.${frontendHost}`) ? frontendHost : null;
}
