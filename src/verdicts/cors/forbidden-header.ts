import { isToken, trimValue } from './headers.ts';

/**
 * Names that a script cannot set: the browser drops them, and they ask for no preflight (Fetch, "forbidden
 * request-header"; Chromium's HttpUtil::IsSafeHeader, which still has `user-agent` here, so that setting it needs none).
 */
const FORBIDDEN = new Set([
  'accept-charset',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'date',
  'dnt',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
]);

const METHOD_OVERRIDES = new Set(['x-http-method', 'x-http-method-override', 'x-method-override']);

/** Fetch, "forbidden method": fetch refuses them, and an override header that names one is dropped. */
export const FORBIDDEN_METHODS: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);

/** @param name in lower case. */
export function isForbiddenRequestHeader(name: string, value: string): boolean {
  if (name.startsWith('proxy-') || name.startsWith('sec-') || FORBIDDEN.has(name)) return true;
  if (!METHOD_OVERRIDES.has(name)) return false;
  return value.split(',').some((item) => FORBIDDEN_METHODS.has(trimValue(item).toUpperCase()));
}

/** Whether `new Headers()` takes it (Fetch, "header name" and "header value"): a TypeError otherwise. */
export function isValidHeader(name: string, value: string): boolean {
  return isToken(name) && trimValue(value).split('').every(isHeaderValueChar);
}

/** A byte, and none of NUL, LF and CR (Fetch, "header value"). */
function isHeaderValueChar(char: string): boolean {
  const code = char.charCodeAt(0);
  return code <= 0xff && code !== 0 && code !== 0x0a && code !== 0x0d;
}
