import { endOfBrackets } from './brackets.ts';
import { ERROR_WORD, SENTENCE } from './plain-words.ts';
import { type Hide, redactDocument, redactText } from './redact-text.ts';
import { isSecretClaim, isSecretName } from './secret-names.ts';

export interface JsonRedaction {
  /**
   * Whether a sentence in a list stays, also under a telling name: that is how a backend says what is wrong with a field
   * (`{"password": ["This password is too common."]}`). Default: none does.
   */
  readonly keepsSentence?: (sentence: string) => boolean;
  /** It is a part of a decoded JWT. */
  readonly isToken?: boolean;
}

/** A string, a mark of structure, a number or word, or white space: all of JSON (RFC 8259, 2). */
const PIECES = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\],:]|[^\s{}[\],:"]+|\s+/g;

/** Text in strings may be JSON again, as in a log entry; as often as this. */
const NESTED = 4;

interface Container {
  readonly isList: boolean;
  /** Everything below is a secret. */
  readonly isSecret: boolean;
  /** Its `value` is one, for its `name` says so. */
  readonly holdsSecret: boolean;
  /** The name that the next value has. */
  key: string | null;
}

/**
 * JSON without secrets, otherwise as it is written: numbers, order and white space stay. What stands under a telling name
 * goes, with all that is below it.
 * @returns null for what is no JSON.
 */
export function redactJson(
  text: string,
  hide: Hide,
  options: JsonRedaction = {},
  nested = NESTED,
): string | null {
  if (!isJson(text)) return null;
  const named = secretlyNamed(text);
  let objects = -1;
  const open: Container[] = [];
  return text.replace(PIECES, (piece) => {
    const first = piece[0] ?? '';
    const top = open.at(-1);
    if (first === '{' || first === '[') {
      if (first === '{') objects += 1;
      const holdsSecret = first === '{' && named.has(objects);
      open.push({ isList: first === '[', isSecret: isSecretHere(top, options), holdsSecret, key: null });
      return piece;
    }
    if (first === '}' || first === ']') {
      open.pop();
      return piece;
    }
    if (first === ',') {
      if (top !== undefined) top.key = null;
      return piece;
    }
    if (first === ':' || /\s/.test(first)) return piece;
    if (first === '"') {
      const value = JSON.parse(piece) as string;
      if (top !== undefined && !top.isList && top.key === null) {
        top.key = value;
        return rewritten(piece, value, redactText(value, hide));
      }
      const isHidden = isSecretHere(top, options) && !isPlain(value, top, options);
      const shown = isHidden ? hide(value) : redactString(value, hide, options, nested);
      return rewritten(piece, value, shown);
    }
    // Whether something is so, and that it is not there, are no secrets.
    const isNumber = first === '-' || (first >= '0' && first <= '9');
    return isNumber && isSecretHere(top, options) && !isTime(top) ? JSON.stringify(hide(piece)) : piece;
  });
}

/** Pairs as in forms, headers and HAR files: `{"name": "password", "value": "…"}`, in either order. */
const NAME = /^(?:field|header|id|key|label|name|param|parameter|path|prop|property|variable)(?:_?name)?$/i;
const VALUE = /^(?:new_?|old_?|raw_?|string_?|current_?|default_?)?(?:content|data|input|text|val|values?)$/i;

/** The objects of a JSON text whose name, beside which their value stands, is a telling one; counted as they open. */
function secretlyNamed(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  const open: { readonly object: number | null; readonly names: number | null; key: string | null }[] = [];
  let objects = -1;
  for (const [piece] of text.matchAll(PIECES)) {
    const top = open.at(-1);
    if (piece === '{') {
      objects += 1;
      open.push({ object: objects, names: null, key: null });
    } else if (piece === '[') {
      // FastAPI: `{"loc": ["body", "password"], "input": "…"}`.
      const names = top !== undefined && /^(?:loc|path)$/.test(top.key ?? '') ? top.object : null;
      open.push({ object: null, names, key: null });
    } else if (piece === '}' || piece === ']') open.pop();
    else if (piece === ',' && top !== undefined) top.key = null;
    else if (piece.startsWith('"') && top !== undefined && top.object !== null) {
      if (top.key === null) top.key = JSON.parse(piece) as string;
      else if (NAME.test(top.key) && isTellingName(piece)) found.add(top.object);
    } else if (piece.startsWith('"') && typeof top?.names === 'number') {
      if (isTellingName(piece)) found.add(top.names);
    }
  }
  return found;
}

/** The path of a request tells nothing of what is beside it. */
function isTellingName(piece: string): boolean {
  const name = JSON.parse(piece) as string;
  return !name.includes('/') && isSecretName(name);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function isSecretHere(container: Container | undefined, { isToken }: JsonRedaction): boolean {
  if (container === undefined) return false;
  if (container.isSecret || container.key === null) return container.isSecret;
  if (container.holdsSecret && VALUE.test(container.key)) return true;
  return isToken === true ? isSecretClaim(container.key) : isSecretName(container.key);
}

/** `access_token_expires_in: 300`. */
function isTime(container: Container | undefined): boolean {
  return container?.isSecret === false && /expir|lifetime|ttl|_at$|At$/.test(container.key ?? '');
}

/** What stands under a telling name and is no secret: when a token ends, its type, a word for an error, a sentence about it. */
function isPlain(value: string, container: Container | undefined, options: JsonRedaction): boolean {
  if (/^(?:bearer|jwt|)$/i.test(value)) return true;
  if (value.length > LONGEST_PLAIN) return false;
  if (isTime(container) && /^\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-][\d:]+)?$/.test(value)) return true;
  if (container?.isSecret === false && container.key === 'code' && ERROR_WORD.test(value)) return true;
  if (container?.isList !== true || !SENTENCE.test(value)) return false;
  return options.keepsSentence?.(value) === true;
}

const LONGEST_PLAIN = 200;

function redactString(value: string, hide: Hide, options: JsonRedaction, nested: number): string {
  const whole = /^\s*[[{]/.test(value) ? redactInner(value, hide, options, nested) : null;
  return whole ?? redactDocument(redactEmbedded(value, hide, options, nested), hide);
}

/** null: it is no JSON. */
function redactInner(value: string, hide: Hide, options: JsonRedaction, nested: number): string | null {
  if (nested === 0) return isJson(value) ? '(hidden: nested too deeply)' : null;
  return redactJson(value, hide, options, nested - 1);
}

/** JSON that stands in a text, as in the line of a log: redacted; the rest of the text stays for others to look at. */
export function redactEmbedded(
  text: string,
  hide: Hide,
  options: JsonRedaction = {},
  nested = NESTED,
): string {
  let shown = '';
  let done = 0;
  let failures = 0;
  for (const { index } of text.matchAll(OPENING)) {
    if (index < done) continue;
    // Each of them may go through all of the text.
    if (failures === MOST_FAILURES) break;
    const end = endOfBrackets(text, index);
    const inner = redactInner(text.slice(index, end), hide, options, nested);
    if (inner === null) failures += 1;
    else {
      shown += text.slice(done, index) + inner;
      done = end;
    }
  }
  return shown + text.slice(done);
}

/** What JSON with a name or a list in it begins with. */
const OPENING = /\{(?=\s{0,8}")|\[(?=\s{0,8}[[{"])/g;
const MOST_FAILURES = 16;

/** As it was written where nothing is hidden: escapes are a matter of taste. */
function rewritten(piece: string, value: string, shown: string): string {
  return shown === value ? piece : JSON.stringify(shown);
}

/**
 * The beginning of a JSON text as JSON: up to the last value that is whole, with what is open closed.
 * @returns null where nothing of it is whole.
 */
export function closeJson(text: string): string | null {
  const open: string[] = [];
  // What stands before a comma or an end is whole; the last number, word or string may be half of one.
  let end = -1;
  for (const { 0: piece, index } of text.matchAll(PIECES)) {
    if (piece.startsWith('"') && !/^"(?:[^"\\]|\\.)*"$/s.test(piece)) break;
    if (piece === ',') end = index;
    if (!/^[{}[\]]$/.test(piece)) continue;
    if (piece === '{') open.push('}');
    else if (piece === '[') open.push(']');
    else open.pop();
    end = index + 1;
  }
  // What is open has not changed since the end: each of its changes is an end.
  return end === -1 ? null : text.slice(0, end) + ends(open);
}

function ends(open: readonly string[]): string {
  return open.toReversed().join('');
}
