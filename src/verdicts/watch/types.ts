import type { Finding } from '../findings/types.ts';
import type { HeaderPairs } from '../header-pairs.ts';

export type { HeaderPairs } from '../header-pairs.ts';

/** One request and its answer, seen between the browser and the backend: by a proxy, or read from a HAR file. */
export interface WatchedExchange {
  readonly id: string;
  readonly kind: 'http' | 'websocket';
  /** When the request came, in milliseconds since 1970. */
  readonly at: number;
  readonly durationMs: number;
  /** Absolute, as the client named it. */
  readonly url: string;
  readonly method: string;
  readonly requestHeaders: HeaderPairs;
  /** 0: the client left before there was an answer. */
  readonly status: number;
  /** As the client got them. */
  readonly responseHeaders: HeaderPairs;
  /** What the backend sent and the client did not get: Strict-Transport-Security. */
  readonly withheldHeaders: HeaderPairs;
  /** The beginning of a refusal's text or JSON; null: not looked at. */
  readonly refusal: string | null;
  /** Whether the browser sent the canary: a cookie of ours that every credentialed request of our pages carries. */
  readonly canary: 'sent' | 'not-sent' | 'unknown';
  /** false: the answer was made on the way, not by the backend. */
  readonly fromBackend: boolean;
}

/** A TLS handshake that a client broke off. */
export interface WatchedHandshake {
  readonly at: number;
  /** OpenSSL's or Node's code, for example ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN. */
  readonly code: string;
  readonly servername: string | null;
}

/** What the rules must know of the site. */
export interface WatchSettings {
  /** `https://example.com`, with the port where it is not 443. */
  readonly frontendOrigin: string;
  readonly apiOrigin: string;
  /** Names of the cookies that carry the tokens. */
  readonly accessCookie: string;
  readonly refreshCookie: string;
  /** The User-Agent of requests that try what goes wrong on purpose; they show nothing. */
  readonly ownAgent?: string;
  /** What our certificate is for. */
  readonly hostnames: readonly string[];
}

/** Rules that remember what they need, in bounded memory. */
export interface Watch {
  /** What this exchange shows, alone or with those before it. Never throws for what a client or a backend sent. */
  readonly exchange: (exchange: WatchedExchange) => readonly Finding[];
  readonly handshake: (handshake: WatchedHandshake) => readonly Finding[];
  /** A request got through to a host (lower case, without port), and there is nothing else to say of it. */
  readonly passed: (host: string, at: number) => void;
}
