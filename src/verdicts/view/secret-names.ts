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
  return name
    .toLowerCase()
    .split(/[[\].:/&=?;\s]+/)
    .some(isSecretPart);
}

function isSecretPart(part: string): boolean {
  const letters = part.replace(/[^\p{L}\d]/gu, '');
  return PARTS.test(letters) || NAMES.has(letters) || CODES.test(letters);
}

/** Whether a field's value is a secret by its name: those of proxies and frameworks (`X-CSRFToken`, `X-Api-Key`). */
export function isSecretHeader(name: string): boolean {
  const lower = name.toLowerCase();
  return !PUBLIC_HEADERS.test(lower) && isSecretName(lower);
}

/** What protocols say: `Access-Control-Allow-Credentials`, `Sec-WebSocket-Key`, HTML's `Refresh`. */
const PUBLIC_HEADERS = /^(?:access-control-|sec-(?!websocket-protocol)|refresh$|signature-input$)/;
