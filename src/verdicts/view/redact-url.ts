import { redactJson } from './redact-json.ts';
import { decodeText, type Hide, redactText, redactUserinfo } from './redact-text.ts';
import { isSecretName } from './secret-names.ts';

/** Path and query without secrets: keys of mailed links, tokens, and parameters with a telling name. */
export function redactTarget(target: string, hide: Hide): string {
  const url = redactUserinfo(target, hide);
  const query = url.indexOf('?');
  if (query === -1) return redactPath(url, hide);
  return `${redactPath(url.slice(0, query), hide)}?${redactForm(url.slice(query + 1), hide)}`;
}

/** Django's reset tokens, behind a uid; and signed values, which allauth's mails have as keys. */
const RESET_TOKEN = /^[\da-z]{4,13}-[\da-f]{20,64}$/i;
const SIGNED = /^[\w-]+:[\w-]{5,8}:[\w-]{20,}$/;
const LONGEST_SEGMENT = 40;
/** A file of a frontend may have a long name. */
const FILE = /\.[a-z\d]{1,6}$/i;

function redactPath(path: string, hide: Hide): string {
  // Most paths are short, and plain.
  const mayHoldKey = LINK_WORDS.test(path);
  if (path.length < 20 && !mayHoldKey && !/[%=@:]/.test(path)) return path;
  const segments = path.split('/');
  const texts = segments.map(decodeText);
  let isBehindWord = false;
  const shown = texts.map((text, at) => {
    const isUid = text !== '' && RESET_TOKEN.test(texts[at + 1] ?? '');
    if (isUid || isLinkKey(text)) return hide(text);
    if (isBehindWord && isShortKey(text)) return hide(text);
    isBehindWord ||= mayHoldKey && isLinkWord(text);
    const redacted = redactText(text, hide);
    return redacted === text ? (segments[at] ?? '') : redacted;
  });
  return shown.join('/');
}

/** What mailed links are for: `/verify-email/…`, `/password-reset/…`, `/invitations/…`. */
const LINK_WORDS = /activat|confirm|invit|magic|recover|reset|token|unsubscribe|verif/i;

/** All of it are words, so that no key is taken for one. */
function isLinkWord(text: string): boolean {
  return LINK_WORDS.test(text) && !/\d/.test(text);
}

/** A key may be as short as `a1b2c3`; `step-2` and `oauth2` are none. */
function isShortKey(text: string): boolean {
  const isMixed = text.length >= 6 && /\d/.test(text) && /\p{L}/u.test(text);
  return (
    isMixed &&
    !FILE.test(text) &&
    !/^(?:level|oauth|page|part|phase|stage|step|version)-?\d{1,2}$/i.test(text)
  );
}

function isLinkKey(text: string): boolean {
  if (RESET_TOKEN.test(text) || SIGNED.test(text)) return true;
  return text.length > LONGEST_SEGMENT && !FILE.test(text);
}

/** A query, or a body of `application/x-www-form-urlencoded`: pairs stay as they are written where they say no secret. */
export function redactForm(form: string, hide: Hide): string {
  return form
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=');
      if (equals === -1) {
        const text = decodeText(pair);
        const redacted = redactText(text, hide);
        return redacted === text ? pair : redacted;
      }
      const name = decodeText(pair.slice(0, equals));
      const value = decodeText(pair.slice(equals + 1));
      if (isSecretName(name)) return value === '' ? pair : `${pair.slice(0, equals)}=${hide(value)}`;
      const redacted = redactValue(value, hide);
      return redacted === value ? pair : `${pair.slice(0, equals)}=${redacted}`;
    })
    .join('&');
}

/** A value may hold JSON, or a URL with parameters of its own. */
function redactValue(value: string, hide: Hide): string {
  const json = /^\s*[[{]/.test(value) ? redactJson(value, hide) : null;
  if (json !== null) return json;
  const inner = decodeText(value);
  const redacted = redactText(inner, hide);
  return redacted === inner ? value : redacted;
}
