import { CORS_FIXES } from '../findings/table-cors.ts';
import type { OwnExplanation } from './types.ts';

const DOCTOR = { place: 'terminal', text: 'jwt-dev doctor' } as const;
const LOGS = { place: 'terminal', text: 'jwt-dev logs' } as const;

/** Pages, cookies, tokens and tools. */
export const WEB_ERRORS = {
  blockedByClient: {
    name: 'blocked-by-extension',
    severity: 'warning',
    title: 'an extension of the browser stopped the request',
    cause: 'An ad or tracking blocker does not like the URL. No server ever saw the request.',
    fixes: [{ place: 'terminal', text: 'jwt-dev open (a profile without extensions)' }],
  },
  pageKnowsNothing: {
    name: 'failed-to-fetch',
    severity: 'error',
    title: 'the request failed, and the page may not know why',
    cause:
      'A script gets this one text for an untrusted certificate, a CORS refusal, an unknown name and a dead server alike. The console or the terminal has the line that tells them apart; where both are silent it is mostly the certificate of the API host.',
    fixes: [
      DOCTOR,
      {
        place: 'browser',
        text: 'Open https://api.example.com/ in a tab: it shows the certificate’s error, if there is one.',
      },
      { place: 'terminal', text: 'jwt-dev trust --check' },
    ],
  },
  nodeFetchFailed: {
    name: 'fetch-failed',
    severity: 'error',
    title: 'fetch failed in Node; its cause tells why',
    cause:
      'Node’s fetch keeps the reason in error.cause: an untrusted CA, an unknown name, a refused connection.',
    fixes: [
      { place: 'Node', text: 'console.error(error.cause)' },
      { place: 'terminal', text: 'jwt-dev exec -- npm run dev' },
    ],
  },
  corsRefused: {
    name: 'cors-refused',
    severity: 'error',
    title: 'the browser kept the answer from the page (CORS)',
    cause:
      'The text does not say which check failed. Chromium’s console does, and so does the explanation of a HAR file: jwt-dev explain --har FILE.',
    fixes: CORS_FIXES,
  },
  corsNotHttp: {
    name: 'cors-not-http',
    severity: 'error',
    title: 'the page or the URL is not http(s)',
    cause: 'A page opened from a file, or a URL without its scheme: CORS needs http or https on both sides.',
    fixes: [
      { place: 'browser', text: 'Open https://example.com instead of a file.' },
      { place: 'fetch', text: "fetch('https://api.example.com/...')" },
    ],
  },
  cookieNotOnPath: {
    name: 'cookie-not-on-path',
    severity: 'info',
    title: 'the cookie’s Path does not cover the URL',
    cause:
      'It is sent only below its Path, at whole segments: /auth/token/refresh covers neither /auth/logout/ nor /auth/token/refresher. So a logout cannot put that refresh token on the deny list.',
    fixes: [
      { place: 'Django', text: "REST_AUTH = {'JWT_AUTH_REFRESH_COOKIE_PATH': '/auth/'}" },
      { place: 'Express', text: "res.cookie(name, value, { path: '/' })" },
    ],
  },
  cookieOtherHost: {
    name: 'cookie-of-other-host',
    severity: 'info',
    title: 'the cookie belongs to another host',
    cause:
      'Without Domain a cookie goes back to exactly the host that set it; with Domain=example.com to that name and all below it.',
    fixes: [
      { place: 'Django', text: "REST_AUTH = {'JWT_AUTH_COOKIE_DOMAIN': 'example.com'}" },
      { place: 'Express', text: "res.cookie(name, value, { domain: 'example.com' })" },
    ],
  },
  tokenRefused: {
    name: 'token-refused',
    severity: 'warning',
    title: 'the backend refused the token',
    cause:
      'It is expired, on the deny list, signed with another key (a new SECRET_KEY after a restart), or the clocks differ. From login or registration it is an old cookie, not the password: jwt-dev explain JD403.',
    fixes: [
      {
        place: 'fetch',
        text: "On 401: POST /auth/token/refresh/ with credentials: 'include', then repeat once.",
      },
      {
        place: 'browser',
        text: 'DevTools, Application, Cookies: delete the token cookies, then log in again.',
      },
    ],
  },
  tokenMissing: {
    name: 'token-missing',
    severity: 'warning',
    title: 'the request carried no token',
    cause:
      'The cookie was not sent: the call lacks credentials, the cookie was refused or deleted, or its Path or Domain does not cover the URL. Or the backend does not read cookies.',
    fixes: [
      { place: 'fetch', text: "fetch(url, { credentials: 'include' })" },
      { place: 'axios', text: 'axios.defaults.withCredentials = true' },
      {
        place: 'Django',
        text: "REST_FRAMEWORK = {'DEFAULT_AUTHENTICATION_CLASSES': ['dj_rest_auth.jwt_auth.JWTCookieAuthentication']}",
      },
    ],
  },
  csrfTokenMissing: {
    name: 'csrf-token-missing',
    severity: 'error',
    title: 'the CSRF token is missing or wrong',
    cause:
      'The request must carry the value of the csrftoken cookie in X-CSRFToken. The page can read that cookie only where its Domain covers the page’s host.',
    fixes: [
      { place: 'Django', text: "CSRF_COOKIE_DOMAIN = '.example.com'" },
      {
        place: 'axios',
        text: "axios.create({ withXSRFToken: true, xsrfCookieName: 'csrftoken', xsrfHeaderName: 'X-CSRFToken' })",
      },
      { place: 'fetch', text: "headers: { 'X-CSRFToken': token }" },
    ],
  },
  wrongPassword: {
    name: 'wrong-credentials',
    severity: 'warning',
    title: 'user name or password are wrong, or the account is inactive',
    cause: 'The backend looked at the password, so cookies and CORS are fine as far as here.',
    fixes: [{ place: 'terminal', text: 'jwt-dev users list' }],
  },
  appendSlash: {
    name: 'append-slash',
    severity: 'error',
    title: 'the URL lacks the slash at its end',
    cause:
      'Django redirects to the URL with the slash, which turns a POST into a GET, and a preflight may not be redirected at all: it looks like a CORS error.',
    fixes: [{ place: 'fetch', text: "fetch('https://api.example.com/auth/login/', ...)" }],
  },
  browserMissing: {
    name: 'browser-missing',
    severity: 'error',
    title: 'Playwright’s browser is not there, or lacks libraries',
    cause: 'Each version of Playwright brings browsers of its own, which are downloaded separately.',
    fixes: [
      { place: 'terminal', text: 'npx playwright install --with-deps chromium' },
      { place: 'Playwright', text: "use: { channel: 'chrome' } (an installed Chrome)" },
    ],
  },
  permissionUnknown: {
    name: 'permission-unknown',
    severity: 'error',
    title: 'Playwright does not know that permission',
    cause: 'The name is wrong for this browser or too new for this version of Playwright.',
    fixes: [
      {
        place: 'Playwright',
        text: "permissions: ['local-network-access'] (Chromium; tried with Playwright 1.65)",
      },
    ],
  },
  playwrightTimeout: {
    name: 'playwright-timeout',
    severity: 'error',
    title: 'the page did not get there in time',
    cause:
      'The page or one of its requests never finished, or the test began before the environment was ready.',
    fixes: [
      { place: 'terminal', text: 'jwt-dev up -- npx playwright test' },
      { place: 'terminal', text: 'jwt-dev wait' },
    ],
  },
  websocketFailed: {
    name: 'websocket-failed',
    severity: 'warning',
    title: 'a WebSocket could not be opened',
    cause:
      'The dev server did not accept the upgrade (its host check), HMR names another port, or the certificate of that host is not trusted: a WebSocket never shows the warning page.',
    fixes: [
      {
        place: 'Vite',
        text: 'server: { hmr: { clientPort: 443 } } (only where it was set to something else)',
      },
      LOGS,
      DOCTOR,
    ],
  },
} as const satisfies Readonly<Record<string, OwnExplanation>>;
