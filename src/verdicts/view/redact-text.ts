import { replaceTokens, secretLabel } from './jwt.ts';
import { redactLabels } from './redact-labels.ts';
import { replaceValues } from './replace-values.ts';
import { isSecretName } from './secret-names.ts';

/** What replaces secrets: told of each of them, so that it can be looked for elsewhere too. */
export type Hide = (secret: string) => string;

/** Behind a scheme of RFC 9110, 11.4: what is long, or has a digit in it, is no word of a sentence. */
const CREDENTIALS = /\b(bearer|basic|negotiate) +((?=[\w.~+/-]*\d)[\w.~+/-]{4,}=*|[\w.~+/-]{16,}=*)/gi;

/** Any text that may quote something: tokens, credentials, passwords in URLs, and values of parameters with a telling name. */
export function redactText(text: string, hide: Hide): string {
  if (!/[.= @]/.test(text)) return text;
  const shown = redactUserinfo(text, hide).replace(
    CREDENTIALS,
    (_, scheme: string, secret: string) => `${scheme} ${hide(secret)}`,
  );
  return replaceTokens(replacePairs(shown, hide), hide);
}

/** Text that people wrote, or programs for them: also what follows `password:`, and what is quoted behind such a word. */
export function redactProse(text: string, hide: Hide): string {
  return redactText(redactLabels(text, hide), hide);
}

/** `user:password@` of any URL (RFC 3986, 3.2.1). The last `@` counts (WHATWG URL, "authority state"). */
const USERINFO = /((?:\\?\/){2})([^\s/?#\\<>]*)@/g;
/** A name that says nothing; tokens stand there too. */
const USER = /^[\p{L}._-]{0,24}$/u;

export function redactUserinfo(text: string, hide: Hide): string {
  if (!text.includes('@')) return text;
  return text.replace(USERINFO, (_, slashes: string, info: string) => {
    const colon = info.indexOf(':');
    const user = colon === -1 ? info : info.slice(0, colon);
    const password = colon === -1 ? '' : info.slice(colon + 1);
    const shownUser = USER.test(user) ? user : hide(user);
    return `${slashes}${shownUser}${colon === -1 ? '' : `:${password === '' ? '' : hide(password)}`}@`;
  });
}

/** `name=value` in URLs, cookies and logs. */
function replacePairs(text: string, hide: Hide): string {
  if (!text.includes('=')) return text;
  return replaceValues(
    text,
    PAIR,
    (start, name) => {
      if (!isSecretName(decodeText(name))) return null;
      IN_PAIR.lastIndex = start;
      return start + (IN_PAIR.exec(text)?.[0].length ?? 0);
    },
    hide,
  );
}

const PAIR = /(?<![\w.[\]%-])([\w.[\]%-]+)=/g;
const IN_PAIR = /[^\s&;,"'<>)]+/y;

const ELEMENTS = /<([\w:.-]{1,80})((?:\s[^<>]*)?)>((?:<!\[CDATA\[)?[^<]+)/g;
const INPUTS = /<(?:input|meta|textarea|button)\b(?:[^<>"']|"[^"]*"?|'[^']*'?)*>?/gi;
const INPUT_NAME = /\b(?:name|id|property)\s*=\s*["']?([^"'\s>]+)/gi;
const INPUT_VALUE = /\b(value|content)(\s*=\s*)("[^"]*"?|'[^']*'?|[^\s>]+)/gi;

/** A body of plain text, HTML or XML: also form fields, elements and `name: value` lines with a telling name. */
export function redactDocument(text: string, hide: Hide): string {
  const fields = text
    .replace(INPUTS, (tag) => (hasSecretName(tag) ? hideValues(tag, hide) : tag))
    .replace(ELEMENTS, (whole: string, name: string, rest: string, content: string) =>
      isSecretName(name) ? `<${name}${rest}>${hide(content)}` : whole,
    );
  return redactProse(fields, hide);
}

function hasSecretName(tag: string): boolean {
  return [...tag.matchAll(INPUT_NAME)].some(([, name]) => isSecretName(name ?? ''));
}

function hideValues(tag: string, hide: Hide): string {
  return tag.replace(INPUT_VALUE, (_, name: string, equals: string, value: string) => {
    return `${name}${equals}${hideQuoted(value, hide)}`;
  });
}

function hideQuoted(value: string, hide: Hide): string {
  const quote = /^["']/.exec(value)?.[0] ?? '';
  const inner = quote === '' ? value : value.slice(1, value.endsWith(quote) ? -1 : undefined);
  return inner === '' ? value : `${quote}${hide(inner)}${quote}`;
}

/** Percent-encoding undone where that can be (WHATWG URL, "percent-decode"), and `+` of forms. */
export function decodeText(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text;
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch (error) {
    // Not UTF-8, or no two hexadecimal digits.
    if (error instanceof URIError) return spaced;
    throw error;
  }
}

/** What hides without a word about what it hid. */
export const hideOnly: Hide = (secret) => (secret === '' ? '' : secretLabel(secret));
