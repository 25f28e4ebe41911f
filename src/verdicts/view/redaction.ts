import type { HeaderPairs } from '../header-pairs.ts';
import { secretLabel } from './jwt.ts';
import { isErrorText } from './plain-words.ts';
import { hideCookie, redactHeaders, redactSetCookie } from './redact-headers.ts';
import { closeJson, redactEmbedded, redactJson } from './redact-json.ts';
import { type Hide, hideOnly, redactDocument, redactProse } from './redact-text.ts';
import { redactForm, redactTarget } from './redact-url.ts';
import { shallow } from './shallow.ts';

/** A body as text, with what its header section says of it. */
export interface BodyText {
  /** Without parameters, lower case. */
  readonly mediaType: string;
  readonly text: string;
  readonly isCut: boolean;
  /** Of the answer; null: it is a request's. */
  readonly status: number | null;
}

/** The one place where secrets are taken out of what is shown. */
export interface Redaction {
  readonly headers: (headers: HeaderPairs) => HeaderPairs;
  /** Path and query. */
  readonly target: (target: string) => string;
  readonly body: (body: BodyText) => string;
  readonly cookieValue: (value: string) => string;
  readonly setCookieLine: (line: string) => string;
  readonly text: (text: string) => string;
  /** The header or the claims of a JWT. */
  readonly tokenPart: (value: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** Shows everything, but for a Set-Cookie line, which never has its value: that stands in the header. */
export const REVEALING: Redaction = {
  headers: (headers) => headers,
  target: (target) => target,
  body: ({ text }) => text,
  cookieValue: (value) => value,
  setCookieLine: (line) => redactSetCookie(line, hideOnly),
  text: (text) => text,
  tokenPart: shallowPart,
};

/**
 * Hides secrets by where they stand, and what was found so wherever else it stands as well: a backend may say in a text
 * what it got in a cookie.
 * @param seen what is looked through for secrets first.
 */
export function createRedaction(seen: SeenSecrets = {}): Redaction {
  const secrets = new Set<string>();
  const short = new Set<string>();
  const collect: Hide = (secret) => {
    const plain = /^"(.*)"$/s.exec(secret)?.[1] ?? secret;
    if (isTelling(plain) && !isLabel(plain)) secrets.add(plain);
    else if (plain.length > 0) short.add(plain.toLowerCase());
    return hideOnly(secret);
  };
  const keepsSentence = (sentence: string): boolean => {
    if (seen.isRequestKnown !== true) return isErrorText(sentence);
    const lower = sentence.toLowerCase();
    const words = lower.split(/[^\p{L}\d]+/u);
    return (
      ![...short].some((secret) => (secret.length < 4 ? words.includes(secret) : lower.includes(secret))) &&
      ![...secrets].some((secret) => lower.includes(secret.toLowerCase()))
    );
  };
  for (const headers of seen.headers ?? []) redactHeaders(headers, collect);
  for (const body of seen.bodies ?? []) redactBody(body, collect, keepsSentence);
  if (seen.target !== undefined) redactTarget(seen.target, collect);
  // Longer ones first: one may hold another.
  const literals = [...secrets].toSorted((one, other) => other.length - one.length);
  const known = (text: string): string => {
    let shown = text;
    for (const secret of literals) {
      if (shown.includes(secret)) shown = shown.replaceAll(secret, () => secretLabel(secret));
    }
    return shown;
  };
  const text = (shown: string): string => known(redactProse(shown, hideOnly));
  const json = (shown: string): string => redactStrings(shown, known);
  return {
    headers: (headers) => redactHeaders(headers, hideOnly).map(([name, value]) => [name, known(value)]),
    target: (target) => known(redactTarget(target, hideOnly)),
    body: (body) => {
      const shown = redactBody(body, hideOnly, keepsSentence);
      return isJsonType(body.mediaType) ? json(shown) : known(shown);
    },
    cookieValue: (value) => hideCookie(value, hideOnly),
    setCookieLine: (line) => redactSetCookie(line, hideOnly),
    text,
    tokenPart: (value) => {
      const shown = redactJson(JSON.stringify(shallow(value)), hideOnly, { isToken: true });
      return shown === null ? {} : (JSON.parse(json(shown)) as Readonly<Record<string, unknown>>);
    },
  };
}

export interface SeenSecrets {
  readonly headers?: readonly HeaderPairs[];
  readonly bodies?: readonly BodyText[];
  readonly target?: string;
  /**
   * The body of the request is among the bodies, all of it, or it had none. Otherwise nobody knows what an answer
   * quotes, and of sentences about a password only those stay that hold nothing but an error's usual words.
   */
  readonly isRequestKnown?: boolean;
}

/** Shorter ones stand in other texts by chance, and less so where letters and digits are mixed. */
function isTelling(secret: string): boolean {
  return secret.length >= 8 || (secret.length >= 5 && /\p{L}/u.test(secret) && /\d/.test(secret));
}

function shallowPart(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return shallow(value) as Readonly<Record<string, unknown>>;
}

function isLabel(text: string): boolean {
  return /^\((?:hidden|token[^()]*)\)$/.test(text);
}

export function isJsonType(mediaType: string): boolean {
  return /[/+]json$/.test(mediaType);
}

function redactBody(
  { mediaType, text, isCut, status }: BodyText,
  hide: Hide,
  keepsSentence: (sentence: string) => boolean,
): string {
  if (text.trim() === '') return text;
  if (mediaType === 'application/x-www-form-urlencoded') return redactForm(text, hide);
  const options = status !== null && status >= 400 && status < 500 ? { keepsSentence } : {};
  if (mediaType === 'application/x-ndjson') {
    return text
      .split('\n')
      .map((line) => (line.trim() === '' ? line : (redactJson(line, hide, options) ?? NOT_JSON)))
      .join('\n');
  }
  // JSON under another name is still JSON.
  const looksLikeJson = /^\s*[[{]/.test(text);
  if (!isJsonType(mediaType) && !looksLikeJson) return redactDocument(redactEmbedded(text, hide), hide);
  const whole = redactJson(text, hide, options);
  if (whole !== null) return whole;
  const closed = isCut ? closeJson(text) : null;
  const begun = closed === null ? null : redactJson(closed, hide, options);
  if (begun !== null) return begun;
  // What cannot be read cannot be shown without its secrets.
  return isJsonType(mediaType) ? JSON.stringify(NOT_JSON) : redactDocument(redactEmbedded(text, hide), hide);
}

const NOT_JSON = '(hidden: it is no valid JSON)';

/** Changes the strings of a JSON text, and nothing else of it. */
function redactStrings(text: string, change: (text: string) => string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"/g, (piece) => {
    const value = JSON.parse(piece) as string;
    const changed = change(value);
    return changed === value ? piece : JSON.stringify(changed);
  });
}
