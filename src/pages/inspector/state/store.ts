import { type Filter, NO_FILTER } from '../model/filter.ts';
import type { Place } from '../model/place.ts';
import type { DescribedFinding, ExchangeRow, Overview } from '../shapes.ts';
import type { ApiProblem } from './api-problem.ts';

/** How the page stands to the environment. */
export type Connection =
  | { readonly kind: 'connecting' | 'live' | 'ended' }
  /** `retryAt`: milliseconds since 1970. */
  | { readonly kind: 'reconnecting'; readonly retryAt: number }
  /** It answers, but not to this page: the secret is of another run. */
  | { readonly kind: 'refused'; readonly problem: ApiProblem };

/** Everything that more than one view looks at. */
export interface State {
  readonly place: Place;
  readonly connection: Connection;
  /** null: not known yet. */
  readonly overview: Overview | null;
  /** What to add to this machine's clock for the server's, in milliseconds. */
  readonly clockOffset: number;
  readonly rows: readonly ExchangeRow[];
  /** All that is kept has been read. */
  readonly isRead: boolean;
  readonly dropped: number;
  /** How many came too fast to be kept. */
  readonly missed: number;
  readonly filter: Filter;
  /** Rows behind this number wait; null: the list goes on by itself. */
  readonly pausedAt: number | null;
  /** The id of the row that the keyboard is on. */
  readonly cursor: string | null;
  readonly findings: readonly DescribedFinding[];
  /** Counts the mails that were sent while the page looked. */
  readonly mailNumber: number;
  /** What failed last of the things that somebody clicked; null: nothing, or it was put away. */
  readonly problem: ApiProblem | null;
}

export interface Store {
  readonly get: () => State;
  readonly set: (change: Partial<State>) => void;
  /** @returns how to stop. */
  readonly subscribe: (listener: () => void) => () => void;
}

export function createStore(place: Place): Store {
  let state: State = {
    place,
    connection: { kind: 'connecting' },
    overview: null,
    clockOffset: 0,
    rows: [],
    isRead: false,
    dropped: 0,
    missed: 0,
    filter: NO_FILTER,
    pausedAt: null,
    cursor: place.exchange,
    findings: [],
    mailNumber: 0,
    problem: null,
  };
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set: (change) => {
      state = { ...state, ...change };
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
