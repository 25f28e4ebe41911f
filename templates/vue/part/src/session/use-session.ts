import { type Ref, readonly, shallowRef } from 'vue';
import { createApi } from './api';
import { createSession, type SessionState } from './session';

export const api = createApi(__API_URL__);
export const session = createSession(api);

const state = shallowRef<SessionState>(session.current());
session.subscribe(() => {
  state.value = session.current();
});

/** Who is logged in, in this tab and all others. The first component that asks makes the page ask the API. */
export function useSession(): Readonly<Ref<SessionState>> {
  if (state.value.status === 'unknown') void session.check();
  return readonly(state);
}
