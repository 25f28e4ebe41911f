import type { FindingCode } from './codes.ts';
import type { FindingKind } from './types.ts';

type SessionCode = Exclude<Extract<FindingCode, `JD4${string}`>, `JD44${string}`>;

const CLEAR_IN_BROWSER = {
  place: 'browser',
  text: 'DevTools, Application, Cookies: delete those of example.com and of api.example.com.',
} as const;

/** The API's cookies and tokens: login, refresh, logout. */
export const SESSION_FINDINGS: Readonly<Record<SessionCode, FindingKind>> = {
  JD401: {
    name: 'refresh-cookie-ignored',
    severity: 'error',
    title: 'the backend does not read the refresh cookie',
    cause:
      'The request carried the refresh cookie, and the answer says that the token is missing: the view reads the body only. simplejwt’s own TokenRefreshView does that; the one of dj-rest-auth reads the cookie.',
    fixes: [
      {
        place: 'Django',
        text: "path('auth/token/refresh/', dj_rest_auth.jwt_auth.get_refresh_view().as_view())",
      },
      { place: 'Express', text: "app.use(cookieParser()); const token = req.cookies['jwt-refresh-token']" },
    ],
    source: 'dj-rest-auth, jwt_auth.get_refresh_view; simplejwt, TokenRefreshSerializer',
  },
  JD402: {
    name: 'refresh-cookie-not-set',
    severity: 'warning',
    title: 'login set no refresh cookie',
    cause:
      'dj-rest-auth sets one only where it has a name for it. With JWT_AUTH_HTTPONLY the body says "refresh": "", so the page has none at all.',
    fixes: [
      {
        place: 'Django',
        text: "REST_AUTH = {'USE_JWT': True, 'JWT_AUTH_COOKIE': 'jwt-access-token', 'JWT_AUTH_REFRESH_COOKIE': 'jwt-refresh-token'}",
      },
    ],
    source: 'dj-rest-auth, Configuration: JWT_AUTH_REFRESH_COOKIE',
  },
  JD403: {
    name: 'stale-cookie-blocks-login',
    severity: 'error',
    title: 'an old cookie, not the password, made the login fail',
    cause:
      'The request carried a token that is expired or signed with another key, and the backend looks at it before it looks at the password. The page cannot delete an HttpOnly cookie by itself.',
    fixes: [
      CLEAR_IN_BROWSER,
      {
        place: 'Django',
        text: 'authentication_classes = [] on the views of login, registration, refresh and logout',
      },
      { place: 'Django', text: "SECRET_KEY = os.environ['SECRET_KEY'] (one that outlives a restart)" },
    ],
    source: 'dj-rest-auth, LoginView runs JWTCookieAuthentication; iMerica/dj-rest-auth#150',
  },
  JD404: {
    name: 'deletion-misses',
    severity: 'error',
    title: 'a deletion misses the cookie',
    cause:
      'A browser deletes the cookie with the same name, Domain and Path, and no other. The old one stays and is sent again.',
    fixes: [
      {
        place: 'Django',
        text: "response.delete_cookie(name, path='/', domain='example.com', samesite='Lax') (as it was set)",
      },
      {
        place: 'Express',
        text: "res.clearCookie(name, { path: '/', domain: 'example.com' }) (as it was set)",
      },
    ],
    source: 'RFC 6265bis, 5.7: the store is keyed by name, domain, host-only flag and path',
  },
  JD405: {
    name: 'session-after-logout',
    severity: 'warning',
    title: 'sessionid is still sent after logout',
    cause:
      'dj-rest-auth also logs in to Django’s session by default. Without the JWT the session still authenticates the request.',
    fixes: [{ place: 'Django', text: "REST_AUTH = {'SESSION_LOGIN': False}" }],
    source: 'dj-rest-auth, Configuration: SESSION_LOGIN',
  },
  JD410: {
    name: 'refresh-race',
    severity: 'warning',
    title: 'one refresh token was used twice at once',
    cause:
      'Two tabs, or two handlers of a 401, refresh at the same time. With rotation the second one gets a 401, and the user is logged out.',
    fixes: [
      {
        place: 'fetch',
        text: 'One shared promise for the refresh: refreshing ??= refresh().finally(() => (refreshing = null))',
      },
      { place: 'fetch', text: "navigator.locks.request('jwt-refresh', refresh) (across tabs)" },
      {
        place: 'Django',
        text: "SIMPLE_JWT = {'ROTATE_REFRESH_TOKENS': False} (or accept the old token for a few seconds)",
      },
    ],
    source: 'RFC 9700, 4.14.2 refresh token rotation',
  },
  JD411: {
    name: 'refresh-loop',
    severity: 'error',
    title: 'refreshes without end',
    cause:
      'The handler of a 401 refreshes, repeats the request, gets a 401 again and so on; or it handles the 401 of the refresh itself.',
    fixes: [
      {
        place: 'axios',
        text: 'if (config._retried || config.url.includes("/token/refresh")) throw error; config._retried = true',
      },
      { place: 'ky', text: 'retry: { limit: 1 }' },
      { place: 'fetch', text: 'Repeat a request once, and never the refresh.' },
    ],
    source: 'RFC 6750, 3.1 invalid_token',
  },
  JD412: {
    name: 'lost-refresh-clears-cookies',
    severity: 'error',
    title: 'the answer to a lost refresh deletes the new cookies',
    cause:
      'Of two refreshes at once the second one gets a 401, and that answer deletes the cookies that the first one has just set.',
    fixes: [
      { place: 'backend', text: 'Do not delete cookies in the 401 of a refresh; let logout do that.' },
      { place: 'fetch', text: "navigator.locks.request('jwt-refresh', refresh)" },
    ],
    source: 'RFC 6265bis, 5.7: the last Set-Cookie wins',
  },
  JD420: {
    name: 'cookie-twice',
    severity: 'error',
    title: 'two cookies of one name in one request',
    cause:
      'One is host-only and one has a Domain, or their paths differ, mostly since the setting was changed. Express reads the first, Django the last: the same browser is logged in on one and not on the other.',
    fixes: [
      CLEAR_IN_BROWSER,
      {
        place: 'backend',
        text: 'Delete the old one with its own Domain and Path, or give the new one another name.',
      },
    ],
    source: 'RFC 6265bis, 5.8.3; cookie (npm) and http.cookies (Django)',
  },
  JD430: {
    name: 'csrf-origin-refused',
    severity: 'error',
    title: 'Django refused the Origin',
    cause:
      'The CSRF check knows neither the origin of the page nor, behind a proxy, that the request came over https. X-Forwarded-Proto says so, if Django is told to read it.',
    fixes: [
      { place: 'Django', text: "CSRF_TRUSTED_ORIGINS = ['https://example.com']" },
      { place: 'Django', text: "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https')" },
    ],
    source: 'Django, CsrfViewMiddleware: Origin checking',
  },
  JD431: {
    name: 'csrftoken-host-only',
    severity: 'warning',
    title: 'the page cannot read csrftoken',
    cause: 'The cookie is host-only on the API, so scripts of the page on the other host do not see it.',
    fixes: [
      { place: 'Django', text: "CSRF_COOKIE_DOMAIN = '.example.com'" },
      {
        place: 'axios',
        text: "axios.create({ withXSRFToken: true, xsrfCookieName: 'csrftoken', xsrfHeaderName: 'X-CSRFToken' })",
      },
    ],
    source: 'RFC 6265bis, 5.1.3; Django, CSRF_COOKIE_DOMAIN',
  },
  JD432: {
    name: 'server-side-without-cookies',
    severity: 'warning',
    title: 'a server-side renderer asks the API without cookies',
    cause:
      'Host-only cookies of the API never reach the host of the page, and fetch on the server passes no cookies on by itself.',
    fixes: [
      { place: 'Django', text: "REST_AUTH = {'JWT_AUTH_COOKIE_DOMAIN': '.example.com'}" },
      { place: 'Next.js', text: 'fetch(url, { headers: { cookie: (await cookies()).toString() } })' },
      { place: 'Nuxt', text: 'const request = useRequestFetch(); await request(url)' },
    ],
    source: 'RFC 6265bis, 5.8.3',
  },
  JD450: {
    name: 'clock-skew',
    severity: 'warning',
    title: 'the clocks of the backend and of this machine differ',
    cause:
      'Tokens look "not yet valid" or expired, and cookies are over as they arrive. WSL and Docker drift after the machine has slept.',
    fixes: [
      { place: 'terminal', text: 'date -u (on both; WSL: sudo hwclock -s)' },
      { place: 'Django', text: "SIMPLE_JWT = {'LEEWAY': 10}" },
    ],
    source: 'RFC 7519, 4.1.4 to 4.1.6; RFC 9110, 6.6.1 Date',
  },
  JD460: {
    name: 'upstream-hsts',
    severity: 'warning',
    title: 'the backend sends Strict-Transport-Security',
    cause:
      'The browser would insist on https for that name long after this environment has gone, and no warning page could be clicked away. The header was kept back.',
    fixes: [
      { place: 'Django', text: 'SECURE_HSTS_SECONDS = 0 (in development)' },
      { place: 'Express', text: 'helmet({ strictTransportSecurity: false }) (in development)' },
    ],
    source: 'RFC 6797, 8.1',
  },
};
