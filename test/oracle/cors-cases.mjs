/**
 * Plays the cases of `browser-oracle/cors@1`. A prediction is made from the inputs of a case (env, page, request,
 * preflight, response, hops, then) alone; only `compare` reads what the browser did.
 */

/** Hosts whose jar holds `sid`, a host-only cookie with `SameSite=None; Secure` (the recording's README). */
const COOKIE_HOSTS = new Set([
  'api.example.com',
  'example.com',
  'other.test',
  'sso.other.test',
  'localhost',
  '127.0.0.1',
  // Where the recording calls a port public, its host has the cookie, too.
  'public.test',
]);

/** Hosts on whose plain http Chromium sends Secure cookies. */
const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1']);

/** The recording's server adds these to what a case gives. */
const SERVER_HEADERS = [
  ['Content-Type', 'application/json'],
  ['Cache-Control', 'no-store'],
];

/** Everything of the recording is on loopback; `lna-override-*` declares one port public. */
function addressSpaceOf(env) {
  return (url) => (env.startsWith('lna-override') && url.port === '9443' ? 'public' : 'loopback');
}

function settingsOf(env) {
  return {
    thirdPartyCookies: env === '3pc-blocked' ? 'blocked' : 'allowed',
    localNetworkAccess: env.endsWith('granted') ? 'granted' : env.endsWith('denied') ? 'denied' : 'undecided',
    addressSpaceOf: addressSpaceOf(env),
    hasCookie: (url) =>
      COOKIE_HOSTS.has(url.hostname) && (url.protocol === 'https:' || LOCAL_HOSTS.has(url.hostname)),
  };
}

/** `null:URL` is a sandboxed page, `public:URL` one with CSP `treat-as-public-address`. */
function pageOf(text) {
  const [, prefix, url] = /^(?:(null|public):)?(https?:.*)$/.exec(text);
  return { url, opaque: prefix === 'null', addressSpace: prefix === 'public' ? 'public' : null };
}

function initOf(request) {
  const { url, method, headers, body, credentials, mode, redirect, targetAddressSpace } = request;
  const given = { url, method, credentials, mode, redirect, targetAddressSpace };
  const init = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (headers !== undefined) init.headers = Array.isArray(headers) ? headers : Object.entries(headers);
  if (body !== undefined && body !== null) init.body = 'text';
  return init;
}

/** The recording's answer: the given headers, and the server's own where the case does not set them. */
function answerOf(given, status, extra = []) {
  if (given.destroy === true) return null;
  const headers = [...(given.headers ?? []), ...extra];
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const own = SERVER_HEADERS.filter(([name]) => !names.has(name.toLowerCase()));
  return { status: given.status ?? status, headers: [...headers, ...own] };
}

/** The server of one step: a redirect for each hop in order, then the answer; preflights have an answer of their own. */
function serverOf(step) {
  const hops = step.hops ?? [];
  const targets = [...hops.map(({ url }) => url), step.request.url];
  let next = 0;
  return (request) => {
    if (request.preflight) {
      const given = step.preflight ?? { ...(hops[next] ?? step.response), status: 200 };
      return answerOf(given, 200);
    }
    const hop = hops[next];
    next += 1;
    if (hop === undefined) return answerOf(step.response, 200);
    return answerOf(hop, 302, [['Location', targets[next]]]);
  };
}

/** The steps of a case; what a later one leaves out it inherits. */
function stepsOf(item) {
  const { page, request, preflight, response, hops } = item;
  const first = { page, request, preflight, response, hops, waitMs: 0 };
  const later = (item.then ?? []).map((step) => ({ ...first, ...step }));
  return [first, ...later];
}

/** @returns every step's verdict, in order. */
export function playCase(createFetchJudge, item) {
  const judge = createFetchJudge(settingsOf(item.env));
  let now = 0;
  return stepsOf(item).map((step) => {
    now += step.waitMs;
    const { url } = step.hops?.[0] ?? step.request;
    return judge.judge(pageOf(step.page), { ...initOf(step.request), url }, serverOf(step), now);
  });
}

/** What agreement is about. */
const FIELDS = ['readable', 'corsError', 'failedParameter', 'preflights', 'cookieSent'];

function fieldsOf(verdict) {
  return Object.fromEntries(FIELDS.map((name) => [name, verdict[name]]));
}

/** @returns `{id, readable, corsError, failedParameter, preflights, cookieSent}`, or `{id, steps}` where a case has several. */
export function predictCase(createFetchJudge, item) {
  const steps = playCase(createFetchJudge, item).map(fieldsOf);
  return item.then === undefined ? { id: item.id, ...steps[0] } : { id: item.id, steps };
}

/** @returns the fields that differ, `[]` in agreement. What `expect` leaves out counts as null. */
export function compare(item, prediction) {
  const single = item.expect.steps === undefined;
  const expected = single ? [item.expect] : item.expect.steps;
  const predicted = single ? [prediction] : prediction.steps;
  return expected.flatMap((step, index) =>
    FIELDS.map((name) => ({
      field: single ? name : `steps[${index}].${name}`,
      predicted: predicted[index]?.[name] ?? null,
      expected: step[name] ?? null,
    })).filter((difference) => difference.predicted !== difference.expected),
  );
}
