import { fromLatin1 } from '../cookies/bytes.ts';
import { cookieDomain } from '../cookies/domain.ts';
import { expiryOf, isExpired } from '../cookies/lifetime.ts';
import { parseSetCookie } from '../cookies/parse-set-cookie.ts';
import { cookiePath } from '../cookies/path.ts';
import type { SetCookieLine } from '../cookies/types.ts';
import type { Scope } from './memory/cookie-scopes.ts';
import { answerHeaders, type Sight } from './sight.ts';

/** A Set-Cookie line of an answer, as far as it can be read. */
export interface AnswerCookie {
  readonly name: string;
  readonly value: string;
  /** Its time is over as it arrives: it deletes. */
  readonly deletes: boolean;
  /** null: the answer may not set a cookie for that Domain. */
  readonly scope: Scope | null;
  readonly expires: string | null;
  readonly maxAge: string | null;
}

const read = new WeakMap<Sight, readonly AnswerCookie[]>();

/** Those that can be read at all; read once for all rules. */
export function answerCookies(sight: Sight): readonly AnswerCookie[] {
  if (sight.setCookie.length === 0) return [];
  const before = read.get(sight);
  if (before !== undefined) return before;
  const [date] = answerHeaders(sight, 'date');
  const cookies = sight.setCookie.flatMap((line) => readLine(line, sight, date));
  read.set(sight, cookies);
  return cookies;
}

function readLine(line: string, sight: Sight, date: string | undefined): readonly AnswerCookie[] {
  const parts = parseSetCookie(asBytes(line));
  if (!parts.ok) return [];
  const { name, value, attributes } = parts;
  const domain = cookieDomain(sight.host, attributes.domain);
  return [
    {
      name,
      value,
      deletes: isExpired(expiryOf(attributes.maxAge, attributes.expires, sight.end, date), sight.end),
      scope: domain === null ? null : { domain, path: cookiePath(sight.path, attributes.path) },
      expires: attributes.expires ?? null,
      maxAge: attributes.maxAge ?? null,
    },
  ];
}

/** Headers come as Node reads them: one character for each byte. */
export function asBytes(line: string): SetCookieLine {
  let highest = 0;
  for (let at = 0; at < line.length; at += 1) highest = Math.max(highest, line.charCodeAt(at));
  return highest > 0x7f && highest <= 0xff ? fromLatin1(line) : line;
}

/** The cookie of that name that the answer gives a value to. */
export function setBy(sight: Sight, name: string): AnswerCookie | undefined {
  return answerCookies(sight).find(
    (cookie) => cookie.name === name && !cookie.deletes && cookie.value !== '' && cookie.value !== '""',
  );
}
