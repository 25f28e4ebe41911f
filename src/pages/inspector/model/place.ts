export const VIEWS = ['exchanges', 'cookies', 'findings', 'outbox', 'users', 'try'] as const;
export type ViewName = (typeof VIEWS)[number];

/** Where one is on the page. It stands in the query, so that Back leads back. */
export interface Place {
  readonly view: ViewName;
  /** The id of the exchange whose details are shown. */
  readonly exchange: string | null;
}

export function readPlace(search: string): Place {
  const query = new URLSearchParams(search);
  const view = VIEWS.find((name) => name === query.get('view')) ?? 'exchanges';
  return { view, exchange: view === 'exchanges' ? query.get('exchange') : null };
}

/** The query of a place, with its question mark; empty for the start. */
export function writePlace({ view, exchange }: Place): string {
  const query = new URLSearchParams();
  if (view !== 'exchanges') query.set('view', view);
  else if (exchange !== null) query.set('exchange', exchange);
  const text = query.toString();
  return text === '' ? '/' : `/?${text}`;
}
