const KEY = 'jwt-dev-secret';

/**
 * The secret of the environment: it comes in the fragment of the address, which no server sees. It moves into this tab's
 * storage, so that neither the address bar nor the history shows it and a reload still has it.
 * @returns null: there is none.
 */
export function takeSecret(page: Pick<Window, 'location' | 'history' | 'sessionStorage'>): string | null {
  const { location, history, sessionStorage } = page;
  const fromAddress = location.hash.slice(1);
  if (fromAddress === '') return sessionStorage.getItem(KEY);
  sessionStorage.setItem(KEY, fromAddress);
  history.replaceState(history.state, '', location.pathname + location.search);
  return fromAddress;
}
