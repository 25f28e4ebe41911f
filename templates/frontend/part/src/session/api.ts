/**
 * A client for a cookie-JWT API on a sibling host.
 *
 * - `credentials: 'include'` on every call, the login too: without it the browser throws the cookies of the answer away
 *   and says nothing.
 * - After a 401 one refresh, then one retry. The refresh itself is never retried, so there is no loop.
 * - One refresh at a time: one promise in this page, one lock across tabs. A rotated refresh token works once, so two
 *   at the same moment would log one tab out. Log-out takes the same lock, so that no refresh that is still on its way
 *   sets new cookies after it.
 */
export interface Answer {
  readonly ok: boolean;
  /** 0: the API gave no answer that this page may read (not reachable, certificate refused, CORS). */
  readonly status: number;
  readonly body: unknown;
}

export interface Api {
  /** One call as it is. For those that need no login: login, registration, password reset. */
  readonly send: (method: string, path: string, body?: object) => Promise<Answer>;
  /** A call that needs a login: when the access token has run out it is renewed, once. */
  readonly call: (method: string, path: string, body?: object) => Promise<Answer>;
  /** Renews the access token; calls at the same time share one refresh. */
  readonly refresh: () => Promise<Answer>;
  /** Deletes the cookies and ends the session on the server. */
  readonly logOut: () => Promise<Answer>;
}

const LOCK = 'jwt-refresh';

/** @param baseUrl of the API, with a final slash: https://api.example.com/ */
export function createApi(baseUrl: string): Api {
  let refreshing: Promise<Answer> | null = null;

  async function send(method: string, path: string, body?: object): Promise<Answer> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    try {
      const response = await fetch(new URL(path, baseUrl), {
        method,
        headers,
        credentials: 'include',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { ok: response.ok, status: response.status, body: parse(await response.text()) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { ok: false, status: 0, body: { detail: `The API cannot be reached (${reason}).` } };
    }
  }

  function refresh(): Promise<Answer> {
    refreshing ??= oneTabAtATime(() => send('POST', 'auth/token/refresh/', {})).finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  async function call(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await send(method, path, body);
    if (answer.status !== 401) return answer;
    const renewed = await refresh();
    return renewed.ok ? send(method, path, body) : answer;
  }

  return { send, call, refresh, logOut: () => oneTabAtATime(() => send('POST', 'auth/logout/', {})) };
}

/** Web Locks hold across the tabs of one origin; they exist on https pages only. */
async function oneTabAtATime(action: () => Promise<Answer>): Promise<Answer> {
  return 'locks' in navigator ? await navigator.locks.request(LOCK, action) : action();
}

function parse(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    // An HTML page: a proxy or a crashed server speaks.
    return { detail: text.slice(0, 300) };
  }
}

/** What an error body of Django REST Framework says: `detail`, or a list of sentences for each field. */
export function errorText(body: unknown): string {
  if (typeof body !== 'object' || body === null) return 'The API gave no reason.';
  return Object.entries(body)
    .map(([field, value]) => {
      const text = [value].flat().join(' ');
      return field === 'detail' || field === 'non_field_errors' ? text : `${field}: ${text}`;
    })
    .join('\n');
}
