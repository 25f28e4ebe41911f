import type { HeaderPairs, WatchedExchange } from '../watch/types.ts';
import { type HarEntry, isFields, readEntry } from './har-shape.ts';
import type { HarResult } from './types.ts';

const MISTAKES_SHOWN = 5;
/** As the proxy keeps of a live answer: enough to recognise a refusal. */
const REFUSAL_LENGTH = 2000;

/**
 * Reads a parsed HAR 1.2 file as Chromium, Firefox, Safari and Playwright export it.
 * @see http://www.softwareishard.com/blog/har-12-spec/
 */
export function readHar(value: unknown): HarResult {
  const log = isFields(value) ? value['log'] : undefined;
  if (!isFields(log)) return { ok: false, mistakes: ['It has no "log": it is no HAR file.'] };
  const { entries } = log;
  if (!Array.isArray(entries)) return { ok: false, mistakes: ['"log" has no list of entries.'] };
  const read = entries.map((entry: unknown) => readEntry(entry));
  const mistakes = read.flatMap((entry, index) =>
    typeof entry === 'string' ? [`Entry ${index + 1} ${entry}.`] : [],
  );
  if (mistakes.length > 0) return { ok: false, mistakes: shorten(mistakes) };
  const numbered = read.flatMap((entry, index) =>
    typeof entry === 'string' || !isHttp(entry.url) ? [] : [{ entry, id: `entry ${index + 1}` }],
  );
  numbered.sort((a, b) => a.entry.startedAt - b.entry.startedAt);
  const creator = nameOf(log['browser']) ?? nameOf(log['creator']) ?? 'unknown';
  const joinsCookies = /WebKit|Safari/i.test(creator);
  const pairs = numbered.map(({ entry, id }) => ({ entry, exchange: exchangeOf(entry, id, joinsCookies) }));
  const exchanges = pairs.map(({ exchange }) => exchange);
  return {
    ok: true,
    reading: {
      exchanges,
      creator,
      hasCookies: exchanges.some(({ requestHeaders, responseHeaders }) =>
        [...requestHeaders, ...responseHeaders].some(([name]) => /^(?:set-)?cookie$/i.test(name)),
      ),
      failures: pairs.flatMap(({ entry: { failure }, exchange }) =>
        failure === null ? [] : [{ exchange, text: failure }],
      ),
      documents: numbered.filter(({ entry }) => isDocument(entry)).map(({ entry }) => entry.url),
    },
  };
}

function shorten(mistakes: readonly string[]): readonly string[] {
  if (mistakes.length <= MISTAKES_SHOWN) return mistakes;
  return [...mistakes.slice(0, MISTAKES_SHOWN), `And ${mistakes.length - MISTAKES_SHOWN} more entries.`];
}

/** `data:`, `blob:` and extension URLs are in the file, but no traffic. */
function isHttp(url: string): boolean {
  return /^(?:https?|wss?):/i.test(url);
}

function nameOf(program: unknown): string | undefined {
  if (!isFields(program) || typeof program['name'] !== 'string') return undefined;
  const { name, version } = program;
  return typeof version === 'string' ? `${name} ${version}` : name;
}

function exchangeOf(entry: HarEntry, id: string, joinsCookies: boolean): WatchedExchange {
  const isWebSocket = /^wss?:/i.test(entry.url) || entry.resourceType === 'websocket';
  return {
    id,
    kind: isWebSocket ? 'websocket' : 'http',
    at: entry.startedAt,
    durationMs: entry.durationMs,
    url: entry.url.replace(/^ws(?=s?:)/i, 'http'),
    method: entry.method.toUpperCase(),
    requestHeaders: entry.requestHeaders,
    status: entry.status,
    responseHeaders: splitSetCookie(entry.responseHeaders, joinsCookies),
    withheldHeaders: [],
    refusal: entry.status >= 400 ? (entry.text?.slice(0, REFUSAL_LENGTH) ?? null) : null,
    canary: 'unknown',
    fromBackend: entry.status !== 0 && !entry.responseHeaders.some(([name]) => OWN_ANSWER.test(name)),
  };
}

/** What the proxy of a jwt-dev environment answered by itself. */
const OWN_ANSWER = /^x-jwt-dev-error$/i;

/**
 * Several Set-Cookie come as one value: with line feeds in Chromium, with commas in Safari (where a comma before a
 * `name=` separates, and the one in a date does not).
 */
function splitSetCookie(headers: HeaderPairs, joinsCookies: boolean): HeaderPairs {
  return headers.flatMap(([name, value]) =>
    name.toLowerCase() === 'set-cookie'
      ? value.split(joinsCookies ? /\n|, (?=[^\s;,=]{1,200}=)/ : '\n').map((line) => [name, line] as const)
      : [[name, value] as const],
  );
}

function isDocument(entry: HarEntry): boolean {
  if (entry.resourceType !== '') return entry.resourceType === 'document';
  const dest = entry.requestHeaders.find(([name]) => name.toLowerCase() === 'sec-fetch-dest')?.[1];
  if (dest !== undefined) return dest === 'document';
  return entry.method === 'GET' && /^text\/html\b/i.test(entry.mimeType);
}
