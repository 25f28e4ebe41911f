/** Wherever in a name they stand, in whatever case and with whatever separators: `newPassword2`, `X-CSRFToken`. */
const PARTS =
  /passw|passphrase|passcode|secret|token|apikey|csrf|xsrf|session(?:id|key|hash)|credential|authoriz|cookie|jwt|bearer|privatekey|signature|assertion/;

/** As a whole name: `code` is a secret, `status_code` and `country_code` are none. */
const NAMES: ReadonlySet<string> = new Set([
  'access',
  'auth',
  'code',
  'hmac',
  'hotp',
  'key',
  'mfa',
  'otp',
  'pass',
  'pin',
  'pw',
  'pwd',
  'refresh',
  'session',
  'sid',
  'sig',
  'totp',
  'uid',
  'uidb64',
]);

/** `verification_code`, `backupCodes`. */
const CODES =
  /(?:auth\w*|backup|confirm\w*|login|mfa|one-?time|recovery|reset|security|sms|verif\w*|invit\w*)codes?$|[^o]otp$/;

/** Whether what a field, parameter or header of that name holds is not to be seen. */
export function isSecretName(name: string): boolean {
  // `user[password]`, `user.code`: each part is a name.
  if (PASS.test(name)) return true;
  return name
    .toLowerCase()
    .split(/[[\].:/&=?;\s]+/)
    .some(isSecretPart);
}

/** `user_pass`, `dbPw`, and neither `bypass` nor `compass`. */
const PASS =
  /(?:[^\p{L}](?:[Pp]ass|PASS|[Pp]wd|PWD|[Pp]w|PW)|[a-z](?:Pass|Pwd|Pw)|user(?:pass|pwd|pw))\d{0,2}$/u;

function isSecretPart(part: string): boolean {
  const letters = part.replace(/[^\p{L}\d]/gu, '');
  if (KIND_OF_TOKEN.test(letters)) return false;
  return PARTS.test(letters) || NAMES.has(letters) || CODES.test(letters);
}

/** `token_type` (RFC 6749, 5.1), `token_use`, `token_class`: tells access tokens from refresh tokens. */
const KIND_OF_TOKEN = /^[a-z]*token(?:type|typehint|use|class)$/;

/**
 * Whether what a claim of that name holds is not to be seen. Claims say who and what a token is for; with the name of a
 * session or a user nobody gets in.
 */
export function isSecretClaim(name: string): boolean {
  // Names may be URLs (RFC 7519, 4.2): `https://hasura.io/jwt/claims`.
  const own = /^https?:\/\//.test(name) ? name.slice(name.lastIndexOf('/') + 1) : name;
  return !PUBLIC_CLAIMS.has(own.toLowerCase()) && isSecretName(own);
}

/** Of IANA's registry and of widespread issuers: a session's id, a user's id, authorities, and what may be done. */
const PUBLIC_CLAIMS: ReadonlySet<string> = new Set(['access', 'auth', 'sid', 'uid']);

/** Whether a field's value is a secret by its name: those of proxies and frameworks (`X-CSRFToken`, `X-Api-Key`). */
export function isSecretHeader(name: string): boolean {
  const lower = name.toLowerCase();
  if (PUBLIC_HEADERS.test(lower)) return false;
  return isSecretName(lower) || (SECRET_WORD.test(lower) && !ABOUT.test(lower));
}

/** A word of a header's name: `X-Auth`, `X-Session`, `X-Access-Key`. */
const SECRET_WORD = /(?:^|[-_])(?:auth|key|mfa|otp|pass|pin|pw|pwd|session|sid)(?:[-_]|$)/;
/** Who somebody is, and keys that open nothing. */
const ABOUT =
  /(?:^|[-_])(?:cache|idempotency|routing|surrogate)[-_]key|[-_](?:email|groups?|name|provider|roles?|time|type|user|username)$/;

/** What protocols say: `Access-Control-Allow-Credentials`, `Sec-WebSocket-Key`, HTML's `Refresh`. */
const PUBLIC_HEADERS = /^(?:access-control-|sec-(?!websocket-protocol)|refresh$|signature-input$)/;
