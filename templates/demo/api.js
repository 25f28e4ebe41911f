/**
 * A client for a cookie-JWT API on a sibling host. Copy it: it is what every
 * frontend of this pattern needs, and it has no dependency.
 *
 * - `credentials: 'include'` on every call, the login too: without it the
 *   browser throws the cookies of the answer away and says nothing.
 * - After a 401 one refresh, then one retry. The refresh itself is never retried.
 * - One refresh at a time: one promise in this page, one lock across tabs. A
 *   rotated refresh token works once, so two at the same moment log one tab out.
 *   Log-out takes the same lock, so that no refresh that is still on its way
 *   sets new cookies after it.
 */
export function createApi(baseUrl, onCall = () => {}) {
  let refreshing = null;

  async function send(method, path, body) {
    const started = performance.now();
    try {
      const response = await fetch(baseUrl + path, {
        method,
        credentials: 'include',
        headers:
          body === undefined
            ? { Accept: 'application/json' }
            : { Accept: 'application/json', 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const answer = { ok: response.ok, status: response.status, body: parse(text) };
      onCall({ method, path, ...answer, ms: performance.now() - started });
      return answer;
    } catch (error) {
      // fetch rejects for an unreachable host, a refused certificate and a CORS refusal alike.
      const answer = { ok: false, status: 0, body: { detail: `No answer from the API (${error.message}).` } };
      onCall({ method, path, ...answer, ms: performance.now() - started });
      return answer;
    }
  }

  function refresh() {
    refreshing ??= oneTabAtATime(() => send('POST', 'token/refresh/', {})).finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  /** A call that needs a login: when the access token has run out it is renewed, once. */
  async function call(method, path, body) {
    const answer = await send(method, path, body);
    if (answer.status !== 401) return answer;
    const renewed = await refresh();
    return renewed.ok ? send(method, path, body) : answer;
  }

  return { send, call, refresh, logOut: () => oneTabAtATime(() => send('POST', 'logout/', {})) };
}

/** Web Locks hold across the tabs of one origin; they exist on https pages only. */
function oneTabAtATime(action) {
  return navigator.locks ? navigator.locks.request('jwt-refresh', action) : action();
}

function parse(text) {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return { detail: text.slice(0, 300) };
  }
}

/** The first sentences of an error body of Django REST Framework: `detail`, or a list for each field. */
export function errorText(body) {
  if (body === null || typeof body !== 'object') return 'The API gave no reason.';
  if (body.error?.message) return [body.error.message, body.error.hint].filter(Boolean).join('\n');
  return Object.entries(body)
    .map(([field, value]) => {
      const text = [value].flat().join(' ');
      return field === 'detail' || field === 'non_field_errors' ? text : `${field}: ${text}`;
    })
    .join('\n');
}
