import { redactJson } from './redact-json.ts';
import { decodeText, type Hide, redactText } from './redact-text.ts';
import { isSecretName } from './secret-names.ts';

/** Path and query without secrets: keys of mailed links, tokens, and parameters with a telling name. */
export function redactTarget(target: string, hide: Hide): string {
  const query = target.indexOf('?');
  if (query === -1) return redactPath(target, hide);
  return `${redactPath(target.slice(0, query), hide)}?${redactForm(target.slice(query + 1), hide)}`;
}

/** Django's reset tokens, behind a uid; and signed values, which allauth's mails have as keys. */
const RESET_TOKEN = /^[\da-z]{4,13}-[\da-f]{20,64}$/i;
const SIGNED = /^[\w-]+:[\w-]{5,8}:[\w-]{20,}$/;
const LONGEST_SEGMENT = 40;
/** A file of a frontend may have a long name. */
const FILE = /\.[a-z\d]{1,6}$/i;

function redactPath(path: string, hide: Hide): string {
  // Most paths are short, and plain.
  if (path.length < 20 && !path.includes('%')) return path;
  const segments = path.split('/');
  const texts = segments.map(decodeText);
  const shown = texts.map((text, at) => {
    const isUid = text !== '' && RESET_TOKEN.test(texts[at + 1] ?? '');
    if (isUid || isLinkKey(text)) return hide(text);
    const redacted = redactText(text, hide);
    return redacted === text ? (segments[at] ?? '') : redacted;
  });
  return shown.join('/');
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
