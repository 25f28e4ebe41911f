import { endOfBrackets } from './brackets.ts';
import { ERROR_WORD, isErrorText } from './plain-words.ts';
import type { Hide } from './redact-text.ts';
import { replaceValues } from './replace-values.ts';
import { isSecretName } from './secret-names.ts';

/** `password: …`, `"token": "…"`: in prose, in GraphQL, and in what is nearly JSON or YAML. No host before a port. */
const LABEL = /(?<![\w./@[\]-])([\w.[\]-]+)(?:\\*["'])?\s{0,8}:[^\S\n]{0,8}/g;
const TO_END_OF_LINE = /[^\n"'<>{}[\]]+/y;
/** Enough to say whether it is plain: what is longer never is, and not each of many labels goes through all of a text. */
const BEGINNING = /[^\n"'<>{}[\]]{1,400}/y;

/** A word for a secret, and what may quote one behind it. */
const QUOTING =
  /(?<![\w-])((?:pass(?:word|phrase|code|wd)|pwd|otp|pin|secret|token|api[ -]?key)s?)\s{1,4}(?:(?:is|was|of|for|value)\s{1,4})?(?=\S)/giu;
const TYPOGRAPHIC = /[“‘`«]([^”’`»\n]*)/y;
const WORD = /[^\s"'<>]+/y;

/** Hides what follows a telling name and a colon, and what is quoted behind a word for a secret. */
export function redactLabels(text: string, hide: Hide): string {
  const labelled = text.includes(':') ? redactLabelled(text, hide) : text;
  return labelled.includes(' ') || labelled.includes('\n') ? redactQuoted(labelled, hide) : labelled;
}

function redactLabelled(text: string, hide: Hide): string {
  let declared: ReadonlySet<string> | undefined;
  return replaceValues(
    text,
    LABEL,
    (start, name, match) => {
      if (!isSecretName(name)) return null;
      const isQuoted = /["'\\]/.test(text[start] ?? '');
      if (isQuoted) return endOfLine(text, start);
      if (/[{[]/.test(text[start] ?? '')) return endOfBrackets(text, start);
      BEGINNING.lastIndex = start;
      const value = BEGINNING.exec(text)?.[0] ?? '';
      // GraphQL declares variables with their types, and takes them as arguments (GraphQL, 2.10).
      if (text[match.index - 1] === '$' && TYPE.test(value)) return null;
      const variable = VARIABLE.exec(value)?.[1];
      if (variable !== undefined) {
        declared ??= new Set(Array.from(text.matchAll(DECLARED), ([, known]) => known ?? ''));
        if (declared.has(variable)) return null;
      }
      return isPlainBehind(name, value, match[0]) ? null : endOfLine(text, start);
    },
    hide,
  );
}

function endOfLine(text: string, start: number): number {
  TO_END_OF_LINE.lastIndex = start;
  return start + (TO_END_OF_LINE.exec(text)?.[0].length ?? 0);
}

const TYPE = /^\[?(?:String|ID|Int|Float|Boolean|[A-Z]\w{0,60}Input)\b/;
const VARIABLE = /^\$(\w{1,80})\s*(?:[,)}]|$)/;
const DECLARED = /\$(\w{1,80})\s?:/g;

/** An error's word or words, and the port of a host. */
function isPlainBehind(name: string, value: string, label: string): boolean {
  const text = value.trim();
  if (/^code$/i.test(name) && ERROR_WORD.test(text)) return true;
  if (/^\d{2,5}(?:\D|$)/.test(text) && label.endsWith(':') && /\.|^auth$/i.test(name)) return true;
  if (!isErrorText(text)) return false;
  return (
    text.includes(' ') ||
    /^(?:blank|empty|expired|incorrect|invalid|missing|null|required|wrong)\W?$/i.test(text)
  );
}

function redactQuoted(text: string, hide: Hide): string {
  return replaceValues(
    text,
    QUOTING,
    (start) => {
      if (/["'\\]/.test(text[start] ?? '')) return start;
      TYPOGRAPHIC.lastIndex = start;
      const quoted = TYPOGRAPHIC.exec(text)?.[0];
      if (quoted !== undefined) return start + quoted.length;
      WORD.lastIndex = start;
      const word = WORD.exec(text)?.[0] ?? '';
      return word.length >= SHORTEST && /\p{L}/u.test(word) && /\d/.test(word) ? start + word.length : null;
    },
    hide,
  );
}

/** Of a word with a digit in it that is no word of a sentence. */
const SHORTEST = 5;
