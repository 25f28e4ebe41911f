import type { FindingCode } from '../findings/codes.ts';
import type { DescribedFinding } from '../findings/format.ts';
import type { HeaderPairs } from '../header-pairs.ts';

/** What became of an answer (or of a preflight) across origins. `none`: nobody asked across origins. */
export type CorsMark = 'none' | 'allowed' | 'blocked' | 'preflight-allowed' | 'preflight-blocked';

/** One exchange as a line of the list. Never holds a secret. */
export interface ExchangeRow {
  readonly id: string;
  /** Ascending in the order in which exchanges ended; never used twice. */
  readonly seq: number;
  /** When the request began; ISO 8601, UTC. */
  readonly at: string;
  readonly durationMs: number;
  readonly kind: 'http' | 'websocket';
  readonly method: string;
  readonly host: string;
  /** Path and query, without secrets. */
  readonly path: string;
  /** What the client got; 0: it left before there was an answer. */
  readonly status: number;
  /** The label of the upstream, or null where the proxy answered by itself. */
  readonly upstream: string | null;
  /** The code of the failure, or null: it went through. */
  readonly failure: string | null;
  /** Which program asked, in a word or two: `Chrome 156`, `Firefox 153`, `curl 8.14`. Empty: it does not say. */
  readonly client: string;
  readonly cookies: CookieCounts;
  readonly cors: CorsMark;
  readonly findings: readonly FindingCode[];
}

export interface CookieCounts {
  /** In the request. */
  readonly sent: number;
  /** Of the answer's Set-Cookie lines. */
  readonly stored: number;
  readonly deleted: number;
  readonly refused: number;
}

/** One exchange with everything that is known of it. Secrets are replaced unless they were asked for. */
export interface ExchangeDetail extends ExchangeRow {
  readonly url: string;
  readonly httpVersion: string;
  /** Whether secrets stand in it. */
  readonly revealed: boolean;
  readonly request: MessageView;
  readonly response: MessageView;
  /** Of the upstream's header section, what the client did not get. */
  readonly withheld: HeaderPairs;
  readonly failureText: { readonly message: string; readonly hint: string } | null;
  readonly cookiesSent: readonly SentCookie[];
  /** What the browser should have in its jar for this host and did not send, with Chromium's reason. */
  readonly cookiesKeptBack: readonly KeptBackCookie[];
  readonly cookiesSet: readonly SetCookieView[];
  /** The decision in the order in which a browser makes it; empty where nobody asked across origins. */
  readonly corsSteps: readonly CorsStep[];
  readonly tokens: readonly TokenView[];
  readonly shown: readonly DescribedFinding[];
}

export interface MessageView {
  readonly headers: HeaderPairs;
  readonly body: BodyView | null;
}

/** How a body began. */
export interface BodyView {
  readonly mediaType: string;
  /** As text, decompressed where it was compressed; null: it is no text. */
  readonly text: string | null;
  /** Of the whole body on the wire, in bytes; null: unknown. */
  readonly size: number | null;
  /** The text is not all of it. */
  readonly isCut: boolean;
}

export interface SentCookie {
  readonly name: string;
  readonly value: string;
  /** Whether an answer that was seen had set it. */
  readonly known: boolean;
}

export interface KeptBackCookie {
  readonly name: string;
  readonly domain: string;
  readonly path: string;
  readonly reasons: readonly string[];
  /** The same in a sentence. */
  readonly why: string;
}

export interface SetCookieView {
  /** The line, without its value. */
  readonly line: string;
  readonly name: string;
  readonly verdict: 'stored' | 'deleted' | 'refused' | 'replaced' | 'ignored';
  /** Chromium's names. */
  readonly reasons: readonly string[];
  /** In a sentence; null: it is stored, and there is nothing to say. */
  readonly why: string | null;
  readonly warnings: readonly string[];
}

export interface CorsStep {
  readonly title: string;
  /** null: it does not count for the decision, or cannot be known. */
  readonly ok: boolean | null;
  /** What was seen, with the values. */
  readonly detail: string;
}

/** A JWT that was in an exchange. The signature is never in it. */
export interface TokenView {
  /** `Cookie jwt-access-token`, `Set-Cookie jwt-refresh-token`, `Authorization`, `body: access`. */
  readonly where: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** ISO 8601, UTC; null: the claim is not there. */
  readonly issuedAt: string | null;
  readonly expiresAt: string | null;
}

/** The jar of one browser, as it should be now. */
export interface JarView {
  /** `Chrome 156`, and a number where there are several. */
  readonly client: string;
  readonly cookies: readonly JarCookie[];
}

export interface JarCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: string;
  readonly partition: string | null;
  /** ISO 8601, UTC; null: a session cookie. */
  readonly expiresAt: string | null;
  /** The exchange that set it last; null: it was only ever seen in requests. */
  readonly setBy: string | null;
  readonly token: Omit<TokenView, 'where'> | null;
}
