import { OWN } from '../own.ts';
import type { ErrorPattern } from '../types.ts';

const DRF = 'Django REST framework and dj-rest-auth, error bodies';

/** Django, DRF, dj-rest-auth, simplejwt, django-cors-headers, Express. */
export const BACKENDS: readonly ErrorPattern[] = [
  {
    client: 'Django',
    pattern: /Origin checking failed - (?<origin>[^\s"']{1,300}) does not match any trusted origins/,
    says: 'JD430',
    source: 'Django, CsrfViewMiddleware: REASON_BAD_ORIGIN',
  },
  {
    client: 'Django',
    pattern: /\bOrigin checking failed\b|\(4_0\.E001\)/,
    says: 'JD430',
    source: 'Django, CsrfViewMiddleware; system check 4_0.E001',
  },
  {
    client: 'Django',
    pattern: /Referer checking failed\b/,
    says: 'JD430',
    source: 'Django, CsrfViewMiddleware: REASON_BAD_REFERER',
  },
  {
    client: 'Django',
    pattern:
      /CSRF Failed: CSRF (?:token|cookie)[\w .-]{1,80}|\bCSRF (?:cookie not set|token missing|token from the '[\w-]{1,60}' HTTP header (?:incorrect|has incorrect length))|CSRF verification failed\. Request aborted/,
    says: OWN.csrfTokenMissing,
    source: 'Django, CsrfViewMiddleware: REASON_NO_CSRF_COOKIE, REASON_CSRF_TOKEN_MISSING',
  },
  {
    client: 'Django',
    pattern:
      /Invalid HTTP_HOST header: '(?<host>[^'\s]{1,255})'\.(?: You may need to add '[^'\s]{1,255}' to ALLOWED_HOSTS)?/,
    says: 'JD601',
    source: 'Django, HttpRequest.get_host',
  },
  {
    client: 'Django',
    pattern: /\bDisallowedHost\b/,
    says: 'JD601',
    source: 'django.core.exceptions.DisallowedHost',
  },
  {
    client: 'Django',
    pattern: /\{ ?"refresh" ?: ?\[ ?"This field (?:is required|may not be blank)\." ?\] ?\}/,
    says: 'JD401',
    source: 'simplejwt, TokenRefreshSerializer',
  },
  {
    client: 'Django',
    pattern: /No valid refresh token found/,
    says: OWN.tokenMissing,
    source: 'dj-rest-auth, CookieTokenRefreshSerializer',
  },
  {
    client: 'Django',
    pattern:
      /\btoken_not_valid\b|Given token not valid for any token type|Token is (?:invalid or expired|blacklisted|invalid|expired)\b/,
    says: OWN.tokenRefused,
    source: 'simplejwt, InvalidToken',
  },
  {
    client: 'Django',
    pattern: /Authentication credentials were not provided/,
    says: OWN.tokenMissing,
    source: 'Django REST framework, NotAuthenticated',
  },
  {
    client: 'Django',
    pattern: /Unable to log in with provided credentials|No active account found with the given credentials/,
    says: OWN.wrongPassword,
    source: DRF,
  },
  {
    client: 'Django',
    pattern: /URL doesn't end in a slash and you have APPEND_SLASH set/,
    says: OWN.appendSlash,
    source: 'Django, CommonMiddleware',
  },
  {
    client: 'Django',
    pattern:
      /\(corsheaders\.E01[34]\)|Origin '(?<value>[^'\s]{1,300})' in CORS_ALLOWED_ORIGINS (?:is missing scheme or netloc|should not have path)/,
    says: 'JD204',
    source: 'django-cors-headers, system checks E013 and E014',
  },
  {
    client: 'Express',
    pattern: /Error: Not allowed by CORS\b/,
    says: 'JD203',
    note: 'This is what the origin function of the cors middleware throws in its documentation.',
    source: 'cors (npm), README: dynamic origin',
  },
  {
    client: 'Express',
    pattern:
      /\b(?:TokenExpiredError: jwt expired|JsonWebTokenError: (?:invalid signature|jwt malformed|invalid token|invalid algorithm)|NotBeforeError: jwt not active)/,
    says: OWN.tokenRefused,
    source: 'jsonwebtoken, errors',
  },
  {
    client: 'Express',
    pattern: /JsonWebTokenError: jwt must be provided|No authorization token was found/,
    says: OWN.tokenMissing,
    source: 'jsonwebtoken and express-jwt, errors',
  },
  {
    client: 'Express',
    pattern: /\bEBADCSRFTOKEN\b|ForbiddenError: invalid csrf token/,
    says: OWN.csrfTokenMissing,
    source: 'csurf and csrf-csrf, errors',
  },
  {
    client: 'jwt-dev',
    pattern: /\bERR_UPSTREAM_(?:UNREACHABLE|CLOSED|TIMEOUT|PROTOCOL|TLS)\b/,
    says: 'JD603',
    source: 'jwt-dev, answers of the proxy',
  },
  { client: 'jwt-dev', pattern: /\bERR_PORT_IN_USE\b/, says: 'JD504', source: 'jwt-dev, exit code 5' },
  {
    client: 'jwt-dev',
    pattern: /\bERR_HOST_UNKNOWN\b/,
    says: 'JD304',
    note: 'The proxy has no host of that name.',
    source: 'jwt-dev, answers of the proxy',
  },
];
