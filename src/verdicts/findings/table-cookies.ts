import type { FindingCode } from './codes.ts';
import type { FindingKind } from './types.ts';

type CookieCode = Extract<FindingCode, `JD44${string}`>;

/** Set-Cookie lines that a browser refuses. */
export const COOKIE_FINDINGS: Readonly<Record<CookieCode, FindingKind>> = {
  JD440: {
    name: 'cookie-domain-refused',
    severity: 'error',
    title: 'Set-Cookie refused: Domain',
    cause:
      'Domain must be the host that answers or a parent of it, as a bare name: no scheme, no port, no sibling, no public suffix such as com or github.io. On localhost and on IP addresses leave it out.',
    fixes: [
      {
        place: 'Django',
        text: "REST_AUTH = {'JWT_AUTH_COOKIE_DOMAIN': 'example.com'} (or leave it out: host-only)",
      },
      {
        place: 'Express',
        text: "res.cookie(name, value, { domain: 'example.com' }) (or leave it out: host-only)",
      },
    ],
    source: 'RFC 6265bis, 5.7; Chromium: InvalidDomain',
  },
  JD441: {
    name: 'cookie-none-insecure',
    severity: 'error',
    title: 'Set-Cookie refused: SameSite=None without Secure',
    cause:
      'A cookie for other sites must be Secure. A deletion is a Set-Cookie too: delete_cookie(samesite="None") without Secure deletes nothing.',
    fixes: [
      { place: 'Django', text: "REST_AUTH = {'JWT_AUTH_SECURE': True, 'JWT_AUTH_SAMESITE': 'None'}" },
      { place: 'Express', text: "res.cookie(name, value, { sameSite: 'none', secure: true })" },
      { place: 'backend', text: 'SameSite=Lax is enough where page and API share a site.' },
    ],
    source: 'RFC 6265bis, 5.7; Chromium: SameSiteNoneInsecure',
  },
  JD442: {
    name: 'cookie-prefix-refused',
    severity: 'error',
    title: 'Set-Cookie refused: the prefix of its name',
    cause:
      '__Secure- asks for Secure. __Host- asks for Secure, Path=/ and no Domain. __Http- asks for Secure and HttpOnly, and __Host-Http- for all of it.',
    fixes: [
      { place: 'Express', text: "res.cookie('__Host-name', value, { secure: true, path: '/' })" },
      { place: 'backend', text: 'Set-Cookie: __Host-name=value; Path=/; Secure' },
    ],
    source: 'RFC 6265bis, 4.1.3; Chromium: InvalidPrefix',
  },
  JD443: {
    name: 'cookie-secure-refused',
    severity: 'error',
    title: 'Set-Cookie refused: Secure and plain http',
    cause:
      'A Secure cookie can be set over https only (Chromium and Firefox except http://localhost, Safari does not), and an http answer may not replace a Secure cookie of that name.',
    fixes: [
      { place: 'browser', text: 'Use https://example.com and https://api.example.com for everything.' },
      { place: 'terminal', text: 'jwt-dev up' },
    ],
    source: 'RFC 6265bis, 5.7; Chromium: SecureOnly, OverwriteSecure',
  },
  JD444: {
    name: 'cookie-too-large',
    severity: 'error',
    title: 'Set-Cookie refused: larger than 4096 bytes',
    cause:
      'Name and value together may have 4096 bytes. A JWT grows with every claim, a third larger than its JSON.',
    fixes: [
      { place: 'backend', text: 'Move claims out of the token: keep the user’s id, look up the rest.' },
      { place: 'Django', text: 'TokenObtainPairSerializer.get_token: add fewer claims' },
    ],
    source: 'RFC 6265bis, 5.6; Chromium: NameValuePairExceedsMaxSize',
  },
  JD445: {
    name: 'cookie-cross-site-refused',
    severity: 'error',
    title: 'cookie refused: the page is of another site',
    cause:
      'A request from another site may set and carry only SameSite=None; Secure cookies, and none at all where the browser blocks third-party cookies (UserPreferences: Safari, incognito windows, Debian’s Chromium).',
    fixes: [
      {
        place: 'browser',
        text: 'Open https://example.com, which is the same site as https://api.example.com.',
      },
      { place: 'terminal', text: 'jwt-dev up --frontend 5173' },
    ],
    source:
      'RFC 6265bis, 5.7; Chromium: SchemefulSameSiteStrict, SchemefulSameSiteLax, SchemefulSameSiteUnspecifiedTreatedAsLax, UserPreferences',
  },
  JD446: {
    name: 'cookie-malformed',
    severity: 'error',
    title: 'Set-Cookie refused: its form',
    cause:
      'A name and value that are both empty, a control character anywhere in the line, Partitioned without Secure, or a line beside Clear-Site-Data: "cookies" in one answer. Some of these leave no trace in DevTools.',
    fixes: [
      { place: 'backend', text: 'Set-Cookie: name=value; Path=/; Secure; HttpOnly; SameSite=Lax' },
      {
        place: 'backend',
        text: 'Encode values (base64url); leave Partitioned out where page and API share a site.',
      },
    ],
    source: 'RFC 6265bis, 5.6; Chromium: NoCookieContent, DisallowedCharacter, SyntaxError',
  },
};
