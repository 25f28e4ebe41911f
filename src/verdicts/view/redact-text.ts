import { replaceTokens, secretLabel } from './jwt.ts';
import { isSecretName } from './secret-names.ts';

/** What replaces secrets: told of each of them, so that it can be looked for elsewhere too. */
export type Hide = (secret: string) => string;

/** Behind a scheme of RFC 9110, 11.4: what is long, or has a digit in it, is no word of a sentence. */
const CREDENTIALS = /\b(bearer|basic|negotiate) +((?=[\w.~+/-]*\d)[\w.~+/-]{4,}=*|[\w.~+/-]{16,}=*)/gi;

/** Any text that may quote something: tokens, credentials, and values of parameters with a telling name. */
export function redactText(text: string, hide: Hide): string {
  if (!/[.= ]/.test(text)) return text;
  const shown = text.replace(CREDENTIALS, (_, scheme: string, secret: string) => `${scheme} ${hide(secret)}`);
  return replaceTokens(replacePairs(shown, hide), hide);
}

/** `name=value` in URLs, cookies and logs. */
function replacePairs(text: string, hide: Hide): string {
  return text.includes('=') ? replaceValues(text, PAIR, IN_PAIR, hide) : text;
}

const PAIR = /(?<![\w.[\]%-])([\w.[\]%-]+)=/g;
const IN_PAIR = /[^\s&;,"'<>)]+/y;

/** `password: …`, `"token": "…"`: in prose and in what is nearly JSON or YAML. */
const LABEL = /(?<![\w.-])([\w.-]+)["']?\s{0,8}:[^\S\n]{0,8}/g;
const TO_END_OF_LINE = /[^\n"'<>{}[\]]+/y;

const QUOTED = /(["'])(.*?)(?:\1|$)/sy;

/** Hides what follows a telling name: in quotes, or as far as `plain` goes. */
function replaceValues(text: string, names: RegExp, plain: RegExp, hide: Hide): string {
  let shown = '';
  let done = 0;
  for (const match of text.matchAll(names)) {
    const start = match.index + match[0].length;
    // It stands in a value that is hidden already.
    if (match.index < done || !isSecretName(decodeText(match[1] ?? ''))) continue;
    QUOTED.lastIndex = start;
    plain.lastIndex = start;
    const value = QUOTED.exec(text)?.[0] ?? plain.exec(text)?.[0] ?? '';
    if (value === '') continue;
    shown += text.slice(done, start) + hideQuoted(value, hide);
    done = start + value.length;
  }
  return shown + text.slice(done);
}

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
  return redactText(replaceValues(fields, LABEL, TO_END_OF_LINE, hide), hide);
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
