import type { HttpCache } from './http-cache.ts';
import type { PreflightCache } from './preflight-cache.ts';
import type {
  AddressSpace,
  Answerer,
  CorsRequest,
  FetchPage,
  FetchVerdict,
  JudgeSettings,
  SentRequest,
} from './types.ts';

/** One `fetch` being played. */
export interface FetchRun {
  readonly page: FetchPage;
  readonly pageSite: string;
  readonly pageSpace: AddressSpace;
  readonly settings: JudgeSettings;
  readonly preflightCache: PreflightCache;
  readonly httpCache: HttpCache;
  readonly now: number;
  readonly mayCarryCookie: (target: URL) => boolean;
  readonly answer: Answerer;
  /** Filled as requests leave. */
  readonly sent: SentRequest[];
}

/** Where a fetch stands: one target, the first or one of a redirect. */
export interface Hop {
  readonly url: URL;
  readonly request: CorsRequest;
  /** Redirects so far. */
  readonly redirects: number;
  /** Fetch's CORS flag: set at the first foreign target, and never taken back. */
  readonly crossOrigin: boolean;
  readonly originTainted: boolean;
  /** Fetch, "response tainting". */
  readonly tainting: 'basic' | 'cors' | 'opaque';
  readonly credentialed: boolean;
}

/** What became of a fetch, as far as it differs from a failure without any reason. */
export type Outcome = Partial<FetchVerdict>;
