import { render } from 'preact';
import { App } from './frame/app.tsx';
import { NoSecret } from './frame/no-secret.tsx';
import { readPlace } from './model/place.ts';
import { createActions } from './state/actions.ts';
import { createApi } from './state/api.ts';
import { WorldContext } from './state/hooks.ts';
import { keepLive } from './state/live.ts';
import { takeSecret } from './state/secret.ts';
import { createStore } from './state/store.ts';

const root = document.querySelector('#root');
if (root !== null) start(root);

function start(root: Element): void {
  // An address with another secret, pasted over this one, does not load the page by itself.
  window.addEventListener('hashchange', () => {
    if (location.hash.length > 1) location.reload();
  });
  const secret = takeSecret(window);
  if (secret === null) {
    render(<NoSecret />, root);
    return;
  }
  const store = createStore(readPlace(location.search));
  const api = createApi(secret);
  const world = { store, api, actions: createActions(store, api) };
  render(
    <WorldContext.Provider value={world}>
      <App />
    </WorldContext.Provider>,
    root,
  );
  void keepLive(store, api);
}
