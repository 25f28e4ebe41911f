import type { WatchedExchange } from '../watch/types.ts';

/** An exchange with what is shown of it beside what the rules look at. */
export interface ViewedExchange extends WatchedExchange {
  /** Ascending in the order in which exchanges ended. */
  readonly seq: number;
  readonly httpVersion: string;
  /** As the client named it, in lower case. */
  readonly host: string;
  /** Path and query, as they were sent. */
  readonly target: string;
  /** null: the proxy answered by itself. */
  readonly upstream: string | null;
  readonly failure: { readonly code: string; readonly message: string; readonly hint: string } | null;
}
