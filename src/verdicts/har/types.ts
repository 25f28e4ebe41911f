import type { WatchedExchange } from '../watch/types.ts';

/** What a HAR file says, in the words of the rules. */
export interface HarReading {
  /** By the time they began. Ids are `entry 1` and so on, as they stand in the file. */
  readonly exchanges: readonly WatchedExchange[];
  /** Who wrote the file: "Firefox 153.0", "WebInspector 537.36". */
  readonly creator: string;
  /**
   * false: there is no Cookie and no Set-Cookie at all, which is how Chromium exports unless it is asked for
   * sensitive data.
   */
  readonly hasCookies: boolean;
  /** Requests that the browser broke off, and its word for it. */
  readonly failures: readonly HarFailure[];
  /** URLs that documents were loaded from, oldest first. */
  readonly documents: readonly string[];
}

export interface HarFailure {
  readonly exchange: WatchedExchange;
  /** `net::ERR_FAILED` is all that is left of a CORS refusal. */
  readonly text: string;
}

export type HarResult =
  | { readonly ok: true; readonly reading: HarReading }
  /** What is wrong, each with the entry that it is about. */
  | { readonly ok: false; readonly mistakes: readonly string[] };
