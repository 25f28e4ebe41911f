import type { HeaderPairs } from './types.ts';

/** HTTP whitespace around a field value does not belong to it (Fetch, "normalize a byte sequence"; RFC 9110 §5.5). */
export function trimValue(value: string): string {
  return value.replace(/^[\t\n\r ]+/, '').replace(/[\t\n\r ]+$/, '');
}

/**
 * A header as the browser reads it: all its lines, in order, joined with ", " (Fetch, "get a header's value"; Chromium's
 * HttpResponseHeaders::GetNormalizedHeader). An empty line counts.
 * @returns null where the header is absent.
 */
export function headerValue(headers: HeaderPairs, name: string): string | null {
  const wanted = name.toLowerCase();
  let joined: string | null = null;
  for (const [key, value] of headers) {
    // The length first: this runs for every exchange of a proxy.
    if (key.length !== wanted.length || key.toLowerCase() !== wanted) continue;
    joined = joined === null ? trimValue(value) : `${joined}, ${trimValue(value)}`;
  }
  return joined;
}

/** The values of a header's lines, in order. */
export function headerLines(headers: HeaderPairs, name: string): readonly string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => trimValue(value));
}

/** RFC 9110 §5.6.2. */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text);
}

/**
 * A comma-separated list of tokens. Empty items are nothing; one item that is no token spoils the whole list
 * (Fetch, "extract header list values"; Chromium's ParseAccessControlAllowList).
 * @returns null for a spoilt list, an empty list where the header is absent.
 */
export function tokenList(value: string | null): readonly string[] | null {
  if (value === null) return [];
  const items = value
    .split(',')
    .map((item) => trimValue(item))
    .filter((item) => item !== '');
  return items.every(isToken) ? items : null;
}

/**
 * Request headers as a `Headers` object holds them: lower-case names, sorted, lines of one name joined
 * (Fetch, "sort and combine").
 */
export function combineHeaders(headers: HeaderPairs): HeaderPairs {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  return [...names].toSorted().map((name) => [name, headerValue(headers, name) ?? ''] as const);
}
