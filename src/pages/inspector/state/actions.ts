import type { Filter } from '../model/filter.ts';
import { type Place, readPlace, writePlace } from '../model/place.ts';
import type { Api, Clearable } from './api.ts';
import { asProblem } from './api-problem.ts';
import type { Store } from './store.ts';

/** What somebody can do on the page, besides what stays within one view. */
export interface Actions {
  /** A step of the history, unless `replace`. */
  readonly go: (place: Place, how?: 'push' | 'replace') => void;
  readonly setFilter: (change: Partial<Filter>) => void;
  readonly togglePause: () => void;
  readonly moveCursor: (id: string | null) => void;
  /** @returns whether it was cleared. */
  readonly clear: (what: Clearable) => Promise<boolean>;
  readonly putProblemAway: () => void;
}

export function createActions(store: Store, api: Api): Actions {
  window.addEventListener('popstate', () => {
    const place = readPlace(location.search);
    store.set({ place, ...(place.exchange === null ? {} : { cursor: place.exchange }) });
  });
  return {
    go: (place, how = 'push') => {
      const where = writePlace(place);
      if (how === 'push') history.pushState(null, '', where);
      else history.replaceState(null, '', where);
      store.set({ place, ...(place.exchange === null ? {} : { cursor: place.exchange }) });
    },
    setFilter: (change) => store.set({ filter: { ...store.get().filter, ...change } }),
    togglePause: () => {
      const { pausedAt, rows } = store.get();
      store.set({ pausedAt: pausedAt === null ? (rows.at(-1)?.seq ?? 0) : null });
    },
    moveCursor: (cursor) => store.set({ cursor }),
    clear: async (what) => {
      try {
        await api.clear(what);
      } catch (cause) {
        store.set({ problem: asProblem(cause) });
        return false;
      }
      if (what === '/findings') store.set({ findings: [] });
      if (what === '/inspector/exchanges') store.set({ rows: [], cursor: null, pausedAt: null });
      return true;
    },
    putProblemAway: () => store.set({ problem: null }),
  };
}
