/**
 * Cases of `browser-oracle/cookies@1` played against a cookie jar. What a case expects is read by `compare` only;
 * predictions come from its inputs. The engine is an argument, so that the unit tests run the sources and the
 * runner the build.
 */

const NOT_SENT = { requestSent: false };

/** The page of a step: `null:` has an opaque origin, `public:` only another address space. */
function pageOf(page) {
  if (page === undefined) return null;
  const opaque = page.startsWith('null:');
  const url = page.replace(/^(null|public):/, '');
  return { url, origin: opaque ? 'null' : new URL(url).origin };
}

const METHODS = { 'form-post': 'POST' };

/** Fetch, HTTP-redirect fetch: 301 and 302 turn POST into GET, 303 everything but HEAD; 307 and 308 keep it. */
function methodOf(step, hopsBefore) {
  const method = step.method ?? METHODS[step.kind] ?? 'GET';
  const status = step.hopStatus ?? 302;
  const toGet = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST';
  return hopsBefore > 0 && toGet ? 'GET' : method;
}

/** Fetch's credentials mode for one URL of a redirect chain: `same-origin` ends with the first foreign one. */
function credentialsOf(step, page, chain) {
  if (step.kind !== 'fetch' && step.kind !== 'iframe-fetch') return true;
  if (step.credentials === 'include') return true;
  if (step.credentials === 'omit') return false;
  return chain.every((url) => new URL(url).origin === page.origin);
}

const TARGETS = {
  navigate: 'top-level',
  'navigate-from': 'top-level',
  'form-post': 'top-level',
  'form-get': 'top-level',
  iframe: 'frame',
};

/** A frame inside a sandboxed page is sandboxed, too. */
function frameOf(step, page) {
  const frame = pageOf(step.frame);
  return frame !== null && page?.origin === 'null' ? { ...frame, origin: 'null' } : frame;
}

const IP_HOST = /^(?:[\d.]+|\[.*\])$/;

/** Images of an https page are fetched over https (Mixed Content, 4.1), except from addresses and this computer. */
function upgraded(step, page) {
  const url = new URL(step.url);
  const stays = IP_HOST.test(url.hostname) || /(^|\.)localhost$/.test(url.hostname);
  return step.kind !== 'img' || !page?.url.startsWith('https:') || stays
    ? step.url
    : step.url.replace(/^http:/, 'https:');
}

/** One request per URL of the chain: the hops, then the step's own. */
export function requestsOf(step) {
  const page = pageOf(step.page);
  const frame = frameOf(step, page);
  const starter = frame ?? page;
  const chain = [...(step.via ?? []), upgraded(step, page)];
  return chain.map((url, index) => ({
    url: step.kind === 'websocket' ? url.replace(/^http/, 'ws') : url,
    method: methodOf(step, index),
    target: TARGETS[step.kind] ?? 'subresource',
    initiator: starter === null ? null : starter.origin,
    topLevel: page === null ? new URL(url).origin : page.origin,
    frames: frame === null ? [] : [frame.origin],
    credentials: credentialsOf(step, starter, chain.slice(0, index + 1)),
  }));
}

/** Mixed content, and forms of an https page that go to http: nothing leaves the browser. */
function isStopped(engine, step) {
  const page = pageOf(step.frame ?? step.page);
  if (page === null || step.kind === 'navigate-from') return false;
  return engine.isMixedContent(page.url, new URL(upgraded(step, page)), null);
}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const headersNamed = (step, name) =>
  (step.responseHeaders ?? []).filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);

/** Plays a step that sets cookies; `lines` are the verdicts. */
function playSet(engine, jar, step, now) {
  const setCookie = step.setCookieB64?.map(bytesOf) ?? step.setCookie ?? [];
  if (isStopped(engine, step))
    return setCookie.map((_, line) => ({ line, verdict: 'not-processed', reasons: [] }));
  const requests = requestsOf(step);
  const setter = step.setCookieOn === 'hop' ? requests[0] : requests.at(-1);
  const clearSiteData = headersNamed(step, 'clear-site-data');
  const [date] = headersNamed(step, 'date');
  let lines = [];
  for (const request of requests) {
    jar.send(request, now);
    if (request !== setter) continue;
    const preflight = step.setCookieOn === 'preflight';
    lines = jar.receive({ request: { ...request, preflight }, setCookie, clearSiteData, date }, now);
  }
  return lines.map(({ line, verdict, reasons }) => ({ line, verdict, reasons }));
}

/** DevTools leaves out what is not UTF-8. */
const shown = (text) => text.replaceAll('\ufffd', '');

function headerOf({ cookieHeader, cookieHeaderBytes }) {
  const encoded = new TextEncoder().encode(cookieHeader);
  const same =
    encoded.length === cookieHeaderBytes.length &&
    encoded.every((byte, at) => byte === cookieHeaderBytes[at]);
  if (same) return { cookieHeader };
  return { cookieHeaderB64: btoa(String.fromCharCode(...cookieHeaderBytes)) };
}

/** What script reads where the step leaves a document behind; DevTools shows nothing else. */
function documentOf(jar, step, now) {
  if (step.kind === 'navigate') return { documentCookie: jar.documentCookie(step.url, now) };
  if (step.kind !== 'iframe-fetch') return {};
  const topLevel = pageOf(step.page).origin;
  const frame = frameOf(step, pageOf(step.page));
  // A sandboxed document has no cookies.
  if (frame.origin === 'null') return { documentCookie: '' };
  return { documentCookie: jar.documentCookie(frame.url, now, { topLevel, frames: [frame.origin] }) };
}

function playFollow(engine, jar, step, now) {
  if (isStopped(engine, step)) return NOT_SENT;
  let verdict;
  for (const request of requestsOf(step)) verdict = jar.send(request, now);
  // A WebSocket's cookies are not among what DevTools associates with requests.
  const notSent = step.kind === 'websocket' ? [] : verdict.notSent;
  return { ...headerOf(verdict), ...documentOf(jar, step, now), notSent: distinct(notSent) };
}

/** The schema tells cookies apart by name, domain and path only: a partitioned twin is the same entry. */
function distinct(notSent) {
  const entries = notSent.map(({ name, domain, path, reasons }) => [
    shown(name),
    domain,
    shown(path),
    reasons,
  ]);
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()].map(
    ([name, domain, path, reasons]) => ({ name, domain, path, reasons }),
  );
}

/**
 * @param engine `{createCookieJar, isMixedContent}`
 * @param head the file's head; absolute dates are judged at its `recordedAt`.
 * @returns `{id, lines: [{line, verdict, reasons}], follow: [{cookieHeader, documentCookie, notSent}]}`
 */
export function predictCase(engine, item, head) {
  const thirdPartyCookies = item.env === '3pc-blocked' ? 'blocked' : 'allowed';
  const jar = engine.createCookieJar({ thirdPartyCookies });
  let now = Date.parse(head.recordedAt[0]);
  for (const step of item.pre ?? []) playSet(engine, jar, step, now);
  const lines = playSet(engine, jar, item.set, now);
  now += (item.delaySec ?? 0) * 1000;
  const follow = (item.follow ?? []).map((step) => playFollow(engine, jar, step, now));
  return { id: item.id, lines, follow };
}

const sorted = (texts) => [...(texts ?? [])].sort((a, b) => (a < b ? -1 : 1));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const notSentKeys = (list) =>
  sorted(
    (list ?? []).map(({ name, domain, path, reasons }) =>
      JSON.stringify([name, domain, path, sorted(reasons)]),
    ),
  );

function compareLines(expected, predicted) {
  return Array.from({ length: Math.max(expected.length, predicted.length) }, (_, at) => at).flatMap((at) => {
    const pick = (line) => line && { verdict: line.verdict, reasons: sorted(line.reasons) };
    const [want, got] = [pick(expected[at]), pick(predicted[at])];
    return same(want, got) ? [] : [{ field: `lines[${at}]`, predicted: got ?? null, expected: want ?? null }];
  });
}

function compareStep(want, got, at, step) {
  const differences = [];
  const check = (field, expected, predicted) => {
    if (!same(expected, predicted))
      differences.push({ field: `follow[${at}].${field}`, predicted, expected });
  };
  check('requestSent', want.requestSent ?? true, got.requestSent ?? true);
  for (const field of ['cookieHeader', 'cookieHeaderB64', 'documentCookie']) {
    if (want[field] !== undefined && want[field] !== null) check(field, want[field], got[field] ?? null);
  }
  // Of WebSockets and redirected requests only the header was observed reliably.
  const reliable = step.kind !== 'websocket' && step.via === undefined && want.requestSent !== false;
  if (reliable) check('notSent', notSentKeys(want.notSent), notSentKeys(got.notSent));
  return differences;
}

/** @returns the fields that differ, `[]` in agreement. Fields that a follow step's expectation lacks are not compared. */
export function compare(item, prediction) {
  return [
    ...compareLines(item.expect.set.lines, prediction.lines),
    ...item.expect.follow.flatMap((want, at) =>
      compareStep(want, prediction.follow[at] ?? {}, at, item.follow[at]),
    ),
  ];
}
