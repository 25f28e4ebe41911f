import type { HeaderPairs } from '../watch/types.ts';

/** The part of an entry that is used (HAR 1.2, "entries"), checked. */
export interface HarEntry {
  readonly startedAt: number;
  readonly durationMs: number;
  readonly url: string;
  readonly method: string;
  readonly requestHeaders: HeaderPairs;
  readonly status: number;
  readonly responseHeaders: HeaderPairs;
  readonly mimeType: string;
  /** Text of the answer, null where there is none or it is binary. */
  readonly text: string | null;
  /** Why there is no answer, where the browser says so: `net::ERR_FAILED`. */
  readonly failure: string | null;
  /** Chromium: `document`, `fetch`, `xhr`, `preflight`, `websocket` … */
  readonly resourceType: string;
}

type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An entry, or the sentence that says what is wrong with it. */
export function readEntry(value: unknown): HarEntry | string {
  if (!isFields(value)) return 'is not an object';
  const { request, response } = value;
  if (!isFields(request)) return 'has no request';
  if (!isFields(response)) return 'has no response';
  const startedAt =
    typeof value['startedDateTime'] === 'string' ? Date.parse(value['startedDateTime']) : Number.NaN;
  if (Number.isNaN(startedAt)) return 'has no valid startedDateTime';
  const url = request['url'];
  if (typeof url !== 'string' || !URL.canParse(url)) return 'has no absolute request.url';
  const method = request['method'];
  if (typeof method !== 'string' || method === '') return 'has no request.method';
  const status = response['status'];
  if (typeof status !== 'number' || !Number.isInteger(status)) return 'has no response.status';
  const requestHeaders = readHeaders(request['headers']);
  if (typeof requestHeaders === 'string') return `request.headers ${requestHeaders}`;
  const responseHeaders = readHeaders(response['headers']);
  if (typeof responseHeaders === 'string') return `response.headers ${responseHeaders}`;
  const content = isFields(response['content']) ? response['content'] : {};
  const { text, encoding, mimeType } = content;
  const { time, _resourceType: resourceType } = value;
  // Chromium writes `_error`, Playwright `_failureText`.
  const failure = [response['_error'], response['_failureText']].find((each) => typeof each === 'string');
  return {
    startedAt,
    durationMs: typeof time === 'number' && time > 0 ? time : 0,
    url,
    method,
    requestHeaders,
    status: status >= 100 && status <= 599 ? status : 0,
    responseHeaders,
    mimeType: typeof mimeType === 'string' ? mimeType : '',
    text: typeof text === 'string' && encoding !== 'base64' ? text : null,
    failure: typeof failure === 'string' && failure !== '' ? failure : null,
    resourceType: typeof resourceType === 'string' ? resourceType : '',
  };
}

/** Header fields; the pseudo fields of HTTP/2 (`:authority`), which Chromium lists too, are none. */
function readHeaders(value: unknown): HeaderPairs | string {
  if (!Array.isArray(value)) return 'is not a list';
  const pairs: (readonly [string, string])[] = [];
  for (const [index, field] of value.entries() as Iterable<[number, unknown]>) {
    if (!isFields(field) || typeof field['name'] !== 'string' || typeof field['value'] !== 'string') {
      return `has no name and value at ${index + 1}`;
    }
    if (!field['name'].startsWith(':')) pairs.push([field['name'], field['value']]);
  }
  return pairs;
}
