import type { HeaderPairs } from '../header-pairs.ts';
import { secretLabel } from './jwt.ts';
import { hideCookie, redactHeaders, redactSetCookie } from './redact-headers.ts';
import { closeJson, redactJson } from './redact-json.ts';
import { type Hide, hideOnly, redactDocument, redactText } from './redact-text.ts';
import { redactForm, redactTarget } from './redact-url.ts';

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
  tokenPart: (value) => value,
};

/**
 * Hides secrets by where they stand, and what was found so wherever else it stands as well: a backend may say in a text
 * what it got in a cookie.
 * @param seen what is looked through for secrets first.
 */
export function createRedaction(seen: SeenSecrets = {}): Redaction {
  const secrets = new Set<string>();
  const collect: Hide = (secret) => {
    const plain = /^"(.*)"$/s.exec(secret)?.[1] ?? secret;
    if (plain.length >= SHORTEST && !isLabel(plain)) secrets.add(plain);
    return hideOnly(secret);
  };
  for (const headers of seen.headers ?? []) redactHeaders(headers, collect);
  for (const body of seen.bodies ?? []) redactBody(body, collect);
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
  const text = (shown: string): string => known(redactText(shown, hideOnly));
  const json = (shown: string): string => redactStrings(shown, known);
  return {
    headers: (headers) => redactHeaders(headers, hideOnly).map(([name, value]) => [name, known(value)]),
    target: (target) => known(redactTarget(target, hideOnly)),
    body: (body) =>
      isJsonType(body.mediaType) ? json(redactBody(body, hideOnly)) : known(redactBody(body, hideOnly)),
    cookieValue: (value) => hideCookie(value, hideOnly),
    setCookieLine: (line) => redactSetCookie(line, hideOnly),
    text,
    tokenPart: (value) => {
      const shown = redactJson(JSON.stringify(value), hideOnly, { isToken: true });
      return shown === null ? {} : (JSON.parse(json(shown)) as Readonly<Record<string, unknown>>);
    },
  };
}

export interface SeenSecrets {
  readonly headers?: readonly HeaderPairs[];
  readonly bodies?: readonly BodyText[];
  readonly target?: string;
}

/** Shorter ones stand in other texts by chance. */
const SHORTEST = 8;

function isLabel(text: string): boolean {
  return /^\((?:hidden|token[^()]*)\)$/.test(text);
}

export function isJsonType(mediaType: string): boolean {
  return /[/+]json$/.test(mediaType);
}

function redactBody({ mediaType, text, isCut, status }: BodyText, hide: Hide): string {
  if (text.trim() === '') return text;
  if (mediaType === 'application/x-www-form-urlencoded') return redactForm(text, hide);
  const options = { keepsSentences: status !== null && status >= 400 && status < 500 };
  if (mediaType === 'application/x-ndjson') {
    return text
      .split('\n')
      .map((line) => (line.trim() === '' ? line : (redactJson(line, hide, options) ?? NOT_JSON)))
      .join('\n');
  }
  // JSON under another name is still JSON.
  const looksLikeJson = /^\s*[[{]/.test(text);
  if (!isJsonType(mediaType) && !looksLikeJson) return redactDocument(text, hide);
  const whole = redactJson(text, hide, options);
  if (whole !== null) return whole;
  const closed = isCut ? closeJson(text) : null;
  const begun = closed === null ? null : redactJson(closed, hide, options);
  if (begun !== null) return begun;
  // What cannot be read cannot be shown without its secrets.
  return isJsonType(mediaType) ? JSON.stringify(NOT_JSON) : redactDocument(text, hide);
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
