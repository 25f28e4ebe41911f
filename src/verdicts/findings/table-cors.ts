import type { FindingCode } from './codes.ts';
import type { FindingKind, Fix } from './types.ts';

type CorsCode = Extract<FindingCode, `JD2${string}`>;

const DJANGO_ORIGIN: Fix = { place: 'Django', text: "CORS_ALLOWED_ORIGINS = ['https://example.com']" };
const DJANGO_CREDENTIALS: Fix = { place: 'Django', text: 'CORS_ALLOW_CREDENTIALS = True' };
const EXPRESS_CORS: Fix = {
  place: 'Express',
  text: "app.use(cors({ origin: 'https://example.com', credentials: true }))",
};
const DJANGO_FIRST: Fix = {
  place: 'Django',
  text: "MIDDLEWARE = ['corsheaders.middleware.CorsMiddleware', ...] (first, so that error answers carry the headers too)",
};

/** CORS: what the browser keeps from the page. */
export const CORS_FINDINGS: Readonly<Record<CorsCode, FindingKind>> = {
  JD201: {
    name: 'cors-wildcard-with-credentials',
    severity: 'error',
    title: 'Access-Control-Allow-Origin is * for a request with credentials',
    cause:
      'For a request with cookies the answer must name the origin of the page; the wildcard is not enough. The cookies in the answer are stored all the same, so a reload may look logged in.',
    fixes: [DJANGO_ORIGIN, EXPRESS_CORS],
    source: 'Fetch, CORS check; Chromium: WildcardOriginNotAllowed',
  },
  JD202: {
    name: 'cors-credentials-not-allowed',
    severity: 'error',
    title: 'Access-Control-Allow-Credentials is not "true"',
    cause:
      'A request with cookies needs exactly `true` in lower case, on the preflight and on the answer itself. A missing header, `True` or `1` will not do.',
    fixes: [{ place: 'Django', text: 'CORS_ALLOW_CREDENTIALS = True (with =, not a colon)' }, EXPRESS_CORS],
    source: 'Fetch, CORS check; Chromium: InvalidAllowCredentials',
  },
  JD203: {
    name: 'cors-origin-mismatch',
    severity: 'error',
    title: 'Access-Control-Allow-Origin names another origin',
    cause:
      'The value is compared byte by byte with the origin of the page: the same scheme, the same host, no slash at the end, no path, no :443. After a redirect to another origin the origin is "null".',
    fixes: [DJANGO_ORIGIN, EXPRESS_CORS],
    source: 'Fetch, CORS check; Chromium: AllowOriginMismatch',
  },
  JD204: {
    name: 'cors-origin-invalid',
    severity: 'error',
    title: 'Access-Control-Allow-Origin is not an origin',
    cause:
      'The value does not parse as a URL: the scheme is missing, it stands in quotes, it is empty, or it is a pattern such as *.example.com.',
    fixes: [DJANGO_ORIGIN, EXPRESS_CORS],
    source: 'Fetch, CORS check; Chromium: InvalidAllowOriginValue',
  },
  JD205: {
    name: 'cors-origin-twice',
    severity: 'error',
    title: 'Access-Control-Allow-Origin has several values',
    cause:
      'Only one origin is allowed, in one header. Usually the application and a server or middleware in front of it both add the header; two equal ones are refused as well.',
    fixes: [
      {
        place: 'backend',
        text: 'Let only one of application and server add CORS headers; answer the one origin that asked.',
      },
      { place: 'Django', text: 'django-cors-headers alone, and no add_header Access-Control-... in nginx' },
      { place: 'Express', text: 'app.use(cors(...)) once, and no res.header(...) beside it' },
    ],
    source: 'Fetch, CORS check; Chromium: MultipleAllowOriginValues',
  },
  JD206: {
    name: 'cors-origin-missing',
    severity: 'error',
    title: 'no Access-Control-Allow-Origin',
    cause:
      'The answer does not allow the page to read it. Where its status is 4xx or 5xx, that is the real error: an error page was sent that the CORS middleware never saw. Cookies in the answer are stored all the same.',
    fixes: [DJANGO_FIRST, DJANGO_ORIGIN, EXPRESS_CORS],
    source: 'Fetch, CORS check; Chromium: MissingAllowOriginHeader',
  },
  JD207: {
    name: 'preflight-redirected',
    severity: 'error',
    title: 'the preflight was redirected',
    cause:
      'Browsers do not follow redirects of a preflight. Usually a slash is missing at the end of the path (Django’s APPEND_SLASH), or http is sent on to https.',
    fixes: [
      { place: 'fetch', text: 'Call the final URL: https, and with the slash that the server wants.' },
      { place: 'Django', text: 'SECURE_SSL_REDIRECT = False behind a proxy that redirects by itself' },
      { place: 'backend', text: 'Put the CORS middleware in front of everything that redirects.' },
    ],
    source: 'Fetch, CORS-preflight fetch; Chromium: PreflightDisallowedRedirect',
  },
  JD208: {
    name: 'preflight-refused',
    severity: 'error',
    title: 'the preflight was not answered with 2xx',
    cause:
      'The browser asks with OPTIONS, without cookies, before the request itself. Authentication, routes or a method list refused that question.',
    fixes: [
      DJANGO_FIRST,
      { place: 'Express', text: 'app.use(cors(...)) before authentication and routes' },
      { place: 'backend', text: 'Let OPTIONS through without authentication, and answer it with 204.' },
    ],
    source: 'Fetch, CORS-preflight fetch; Chromium: PreflightInvalidStatus',
  },
  JD209: {
    name: 'cors-header-not-allowed',
    severity: 'error',
    title: 'a request header is not in Access-Control-Allow-Headers',
    cause:
      'Each header beyond the simple ones must be named by the preflight’s answer. With credentials * is just a name, and it never covers Authorization.',
    fixes: [
      {
        place: 'Django',
        text: "from corsheaders.defaults import default_headers\nCORS_ALLOW_HEADERS = (*default_headers, 'x-csrftoken')",
      },
      { place: 'Express', text: "cors({ ..., allowedHeaders: ['content-type', 'x-csrftoken'] })" },
    ],
    source: 'Fetch, CORS-preflight fetch; Chromium: HeaderDisallowedByPreflightResponse',
  },
  JD210: {
    name: 'cors-method-not-allowed',
    severity: 'error',
    title: 'the method is not in Access-Control-Allow-Methods',
    cause:
      'Methods other than GET, HEAD and POST must be named by the preflight’s answer, in the same letter case: write PATCH in capitals, as fetch does not change patch. With credentials * is just a name.',
    fixes: [
      {
        place: 'Django',
        text: "CORS_ALLOW_METHODS = ('DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT')",
      },
      { place: 'Express', text: "cors({ ..., methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] })" },
      { place: 'fetch', text: "fetch(url, { method: 'PATCH' }) (capitals)" },
    ],
    source: 'Fetch, CORS-preflight fetch; Chromium: MethodDisallowedByPreflightResponse',
  },
  JD211: {
    name: 'cors-list-unreadable',
    severity: 'error',
    title: 'a CORS list of the preflight cannot be read',
    cause:
      'Access-Control-Allow-Methods and Access-Control-Allow-Headers are lists of plain names with commas between them. One wrong token (a space, a quote, a bracket) spoils the whole list.',
    fixes: [
      { place: 'backend', text: 'Access-Control-Allow-Headers: content-type, x-csrftoken' },
      { place: 'Express', text: "cors({ ..., allowedHeaders: ['content-type', 'x-csrftoken'] })" },
    ],
    source:
      'Fetch, CORS-preflight fetch; Chromium: InvalidAllowMethodsPreflightResponse, InvalidAllowHeadersPreflightResponse',
  },
  JD212: {
    name: 'cors-redirected-away',
    severity: 'error',
    title: 'a CORS request was redirected',
    cause:
      'An API that redirects (to a login page, or to a URL with a user name in it) breaks the fetch: the next answer must allow the origin as well, and after a change of origin it is "null".',
    fixes: [
      { place: 'backend', text: 'Answer 401 with JSON instead of a redirect to a login page.' },
      { place: 'Django', text: 'DRF views with IsAuthenticated instead of login_required' },
      { place: 'fetch', text: 'Call the final URL, with the slash that the server wants.' },
    ],
    source: 'Fetch, HTTP-redirect fetch; Chromium: RedirectContainsCredentials',
  },
  JD213: {
    name: 'mixed-content',
    severity: 'error',
    title: 'an https page asks for http',
    cause:
      'A page that came over https may not load http resources. The request is stopped in the browser and reaches no server.',
    fixes: [
      { place: 'fetch', text: "fetch('https://api.example.com/...')" },
      { place: 'axios', text: "axios.create({ baseURL: 'https://api.example.com' })" },
      {
        place: 'Django',
        text: "SECURE_PROXY_SSL_HEADER = ('HTTP_X_FORWARDED_PROTO', 'https') (where Django writes the URL)",
      },
    ],
    source: 'W3C Mixed Content, Should fetching request be blocked as mixed content?',
  },
  JD214: {
    name: 'vary-origin-missing',
    severity: 'warning',
    title: 'a cacheable answer names an origin, but has no Vary: Origin',
    cause:
      'The browser keeps the answer and gives it to a page of another origin later on. That page then fails with a CORS error, and no request is to be seen.',
    fixes: [
      { place: 'backend', text: 'Vary: Origin' },
      { place: 'Django', text: 'django-cors-headers adds it; let nothing behind it overwrite Vary.' },
      { place: 'Express', text: "res.vary('Origin')" },
    ],
    source: 'Fetch, CORS protocol and HTTP caches',
  },
  JD215: {
    name: 'corp-blocked',
    severity: 'error',
    title: 'Cross-Origin-Resource-Policy keeps the answer back',
    cause:
      'The answer asks to be used by its own origin or site only. It applies to images, scripts and other loads without CORS; Helmet sends same-origin by default.',
    fixes: [
      { place: 'Express', text: "helmet({ crossOriginResourcePolicy: { policy: 'same-site' } })" },
      { place: 'backend', text: 'Cross-Origin-Resource-Policy: same-site' },
    ],
    source: 'Fetch, Cross-Origin-Resource-Policy header',
  },
};

/** For explanations that have no code of their own, but the same remedy. */
export const CORS_FIXES: readonly Fix[] = [DJANGO_ORIGIN, DJANGO_CREDENTIALS, EXPRESS_CORS];
