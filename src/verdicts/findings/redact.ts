/** A JWT, or its beginning: three base64url parts, the first of which opens with `{"`. */
const TOKEN = /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?/g;
const BEARER = /\b(bearer) [\w.~+/-]{16,}=*/gi;
const COOKIE_VALUE =
  /(?<![\w-])([\w-]{0,60}?(?:jwt|token|session|csrf|sid)[\w-]{0,60})=[^\s;,"'=][^\s;,"']{7,}/gi;

/**
 * Text without tokens: the second net below the rule that evidence names values but never secrets. Pasted logs and URLs
 * carry them as well.
 */
export function withoutSecrets(text: string): string {
  return text.replace(TOKEN, '(token)').replace(BEARER, '$1 (token)').replace(COOKIE_VALUE, '$1=(hidden)');
}
