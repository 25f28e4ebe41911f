import { useEffect, useSyncExternalStore } from 'react';
import { createApi } from './api';
import { createSession, type SessionState } from './session';

export const api = createApi(__API_URL__);
export const session = createSession(api);

/** Who is logged in, in this tab and all others. The first component that asks makes the page ask the API. */
export function useSession(): SessionState {
  const state = useSyncExternalStore(session.subscribe, session.current);
  useEffect(() => {
    if (session.current().status === 'unknown') void session.check();
  }, []);
  return state;
}
