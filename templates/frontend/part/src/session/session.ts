import { type Api, errorText } from './api';

/** What the API says of the user who is logged in (GET auth/user/). */
export interface User {
  readonly pk: number;
  readonly username: string;
  readonly email: string;
}

export type SessionState =
  /** Nobody has asked the API yet. */
  | { readonly status: 'unknown' }
  | { readonly status: 'out' }
  | { readonly status: 'in'; readonly user: User }
  /** The API could not be asked. That is not the same as being logged out. */
  | { readonly status: 'failed'; readonly reason: string };

export interface Registration {
  readonly username: string;
  readonly email: string;
  readonly password1: string;
  readonly password2: string;
}

export interface NewPassword {
  /** Both from the link in the mail. */
  readonly uid: string;
  readonly token: string;
  readonly new_password1: string;
  readonly new_password2: string;
}

export interface Session {
  readonly current: () => SessionState;
  /** Calls back after each change, in whichever tab it began; answers a function that ends that. */
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks the API who is logged in. */
  readonly check: () => Promise<void>;
  /** Each of these answers null, or what went wrong in words for the user. */
  readonly logIn: (username: string, password: string) => Promise<string | null>;
  readonly register: (fields: Registration) => Promise<string | null>;
  readonly logOut: () => Promise<string | null>;
  /** Has a link mailed that leads to /password-reset/confirm/. */
  readonly requestReset: (email: string) => Promise<string | null>;
  readonly resetPassword: (fields: NewPassword) => Promise<string | null>;
  /** With the key of the link that registration mails: /account-confirm-email/. */
  readonly confirmEmail: (key: string) => Promise<string | null>;
}

/**
 * Who is logged in, as one value for all tabs. The tokens are in HttpOnly cookies that no script can read, so the API is
 * asked; the other tabs are told over a BroadcastChannel and ask for themselves.
 */
export function createSession(api: Api): Session {
  const tabs = new BroadcastChannel('session');
  const listeners = new Set<() => void>();
  let state: SessionState = { status: 'unknown' };
  // An answer that comes after a newer change says how things were, not how they are.
  let version = 0;
  let pending: { readonly version: number; readonly promise: Promise<void> } | null = null;

  function set(next: SessionState): void {
    version += 1;
    state = next;
    for (const listener of listeners) listener();
  }

  /** However many components ask at once, the API is asked once. */
  function check(): Promise<void> {
    if (pending?.version !== version) pending = { version, promise: ask(version) };
    return pending.promise;
  }

  async function ask(asked: number): Promise<void> {
    const { ok, status, body } = await api.call('GET', 'auth/user/');
    if (asked !== version) return;
    if (ok) set({ status: 'in', user: body as User });
    else if (status === 401) set({ status: 'out' });
    else set({ status: 'failed', reason: errorText(body) });
  }

  async function logIn(username: string, password: string): Promise<string | null> {
    const { ok, body } = await api.send('POST', 'auth/login/', { username, password });
    if (!ok) return errorText(body);
    set({ status: 'in', user: (body as { user: User }).user });
    tabs.postMessage('in');
    return null;
  }

  /** A call that changes nothing about who is logged in. */
  async function submit(path: string, fields: object): Promise<string | null> {
    const { ok, body } = await api.send('POST', path, fields);
    return ok ? null : errorText(body);
  }

  tabs.addEventListener('message', ({ data }) => {
    if (data === 'out') set({ status: 'out' });
    else {
      version += 1;
      void check();
    }
  });

  return {
    current: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    check,
    logIn,
    register: async (fields) => {
      const { ok, body } = await api.send('POST', 'auth/registration/', fields);
      return ok ? logIn(fields.username, fields.password1) : errorText(body);
    },
    logOut: async () => {
      const { ok, status, body } = await api.logOut();
      // 401: there was no session any more.
      if (!ok && status !== 401) return errorText(body);
      set({ status: 'out' });
      tabs.postMessage('out');
      return null;
    },
    requestReset: (email) => submit('auth/password/reset/', { email }),
    resetPassword: (fields) => submit('auth/password/reset/confirm/', fields),
    confirmEmail: (key) => submit('auth/registration/verify-email/', { key }),
  };
}
