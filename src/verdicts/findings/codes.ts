/**
 * Every finding has a code that stays: people search for it, silence it, and test for it. The hundreds are families:
 * 1 the page and its requests, 2 CORS, 3 TLS, 4 the API's cookies and tokens, 5 names and network, 6 dev servers.
 */
export type FindingCode =
  /** The page is of another site than the API. */
  | 'JD101'
  /** The request went without credentials. */
  | 'JD102'
  /** CORS, by Chromium's names; `Preflight…` variants have the code of their cause. */
  /** WildcardOriginNotAllowed */
  | 'JD201'
  /** InvalidAllowCredentials */
  | 'JD202'
  /** AllowOriginMismatch */
  | 'JD203'
  /** InvalidAllowOriginValue */
  | 'JD204'
  /** MultipleAllowOriginValues */
  | 'JD205'
  /** MissingAllowOriginHeader */
  | 'JD206'
  /** PreflightDisallowedRedirect */
  | 'JD207'
  /** PreflightInvalidStatus */
  | 'JD208'
  /** HeaderDisallowedByPreflightResponse */
  | 'JD209'
  /** MethodDisallowedByPreflightResponse */
  | 'JD210'
  /** InvalidAllowMethodsPreflightResponse, InvalidAllowHeadersPreflightResponse */
  | 'JD211'
  /** RedirectContainsCredentials, and a redirect of a CORS request to another origin: a login page instead of a 401. */
  | 'JD212'
  /** Mixed content. */
  | 'JD213'
  /** A cacheable answer that names an origin, without `Vary: Origin`. */
  | 'JD214'
  /** Cross-Origin-Resource-Policy */
  | 'JD215'
  /** A browser refused the certificate: our CA is not trusted there. */
  | 'JD301'
  /** A Node process does not trust our CA. */
  | 'JD302'
  /** curl, Python or another OpenSSL client does not trust our CA. */
  | 'JD303'
  /** The name is not one of the certificate's. */
  | 'JD304'
  /** Plain http on the TLS port. */
  | 'JD305'
  /** The certificate is expired, or not yet valid. */
  | 'JD306'
  /** The upstream does not read the refresh cookie. */
  | 'JD401'
  /** Login set no refresh cookie. */
  | 'JD402'
  /** A stale cookie makes login (or registration, logout) answer 401. */
  | 'JD403'
  /** A deletion misses the cookie's Domain or Path. */
  | 'JD404'
  /** sessionid is still sent after logout. */
  | 'JD405'
  /** One refresh token used twice at once. */
  | 'JD410'
  /** Refreshes without end. */
  | 'JD411'
  /** A lost refresh clears the winner's cookies. */
  | 'JD412'
  /** Two cookies of one name in one request. */
  | 'JD420'
  /** Django refused the Origin. */
  | 'JD430'
  /** csrftoken is host-only on the API, so the page cannot read it. */
  | 'JD431'
  /** A server-side renderer asks the API without cookies. */
  | 'JD432'
  /** Set-Cookie refused: Domain. */
  | 'JD440'
  /** Set-Cookie refused: SameSite=None without Secure. */
  | 'JD441'
  /** Set-Cookie refused: prefix. */
  | 'JD442'
  /** Set-Cookie refused: Secure over plain http, or over an existing Secure cookie. */
  | 'JD443'
  /** Set-Cookie refused: larger than 4096 bytes. */
  | 'JD444'
  /** Set-Cookie refused: SameSite, as the page is of another site; or third-party cookies are blocked. */
  | 'JD445'
  /** Set-Cookie refused: empty, control characters, Partitioned without Secure. */
  | 'JD446'
  /** The clocks of the backend and of this machine differ. */
  | 'JD450'
  /** An upstream sends HSTS. */
  | 'JD460'
  /** A name does not lead to this instance. */
  | 'JD501'
  /** One name is loopback, the other is not: Local Network Access. */
  | 'JD502'
  /** A port needs a privilege. */
  | 'JD503'
  /** A port is taken. */
  | 'JD504'
  /** A dev server refuses our host. */
  | 'JD601'
  /** Upstream answers on ::1 only. */
  | 'JD602'
  /** The upstream does not answer. */
  | 'JD603';
