import type { DescribedFinding } from '../../verdicts/findings/format.ts';
import type { HeaderPairs } from '../../verdicts/header-pairs.ts';
import type { ExchangeRow, JarCookie, SetCookieView } from '../../verdicts/view/types.ts';

// What is said of exchanges is made by src/verdicts/view, which knows nothing of environments.
export type {
  BodyView,
  CorsStep,
  ExchangeDetail,
  ExchangeRow,
  JarCookie,
  JarView,
  SetCookieView,
  TokenView,
} from '../../verdicts/view/types.ts';

/** What the page is about; the answer of `GET /inspector/overview`. */
export interface Overview {
  readonly version: string;
  readonly frontend: string;
  readonly api: string;
  readonly mode: 'hosts' | 'rootless';
  /** null: the API is a backend of the user's own; then there is neither outbox nor user list. */
  readonly auth: { readonly basePath: string } | null;
  readonly accessCookie: string;
  readonly refreshCookie: string;
  readonly users: readonly { readonly username: string; readonly password: string; readonly email: string }[];
  /** The server's clock; ISO 8601, UTC. */
  readonly now: string;
  /** How many exchanges are kept, how many were let go of, and how many came too fast to be kept. */
  readonly capacity: number;
  readonly kept: number;
  readonly dropped: number;
  readonly missed: number;
  /** The numbers of the newest exchange, and of the newest whose row is made already: what comes after it takes a moment. */
  readonly last: number;
  readonly looked: number;
}

/** The answer of `GET /inspector/exchanges`: oldest first. */
export interface ExchangePage {
  readonly exchanges: readonly ExchangeRow[];
  /** What to give as `after` for what comes next. */
  readonly last: number;
  readonly kept: number;
  readonly dropped: number;
  readonly missed: number;
}

/** The lines of `GET /inspector/events`, as server-sent events whose data is JSON. */
export type InspectorEvent =
  | ({ readonly type: 'exchanges' } & Pick<ExchangePage, 'exchanges' | 'dropped' | 'missed'>)
  | { readonly type: 'finding'; readonly finding: DescribedFinding }
  | { readonly type: 'mail' }
  /** The exchanges are gone. */
  | { readonly type: 'cleared' }
  /** The findings are gone, also those of the rows. */
  | { readonly type: 'findings-cleared' };

/** A request of a try-it form, made as a page of the frontend would make it. */
export interface TryRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** On the API's host, below the base path: `/auth/login/`. */
  readonly path: string;
  readonly json?: unknown;
}

export interface TryAnswer {
  readonly status: number;
  /** Why there is no answer; null: there is one. */
  readonly silent: string | null;
  readonly headers: HeaderPairs;
  readonly body: string;
  /** What a browser would say of the answer; null: the page may read it. */
  readonly corsProblem: string | null;
  readonly cookiesSet: readonly SetCookieView[];
  /** The cookies that the forms have now. */
  readonly jar: readonly JarCookie[];
}
