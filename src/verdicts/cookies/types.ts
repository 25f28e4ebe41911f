import type { CookieReason, CookieWarning, SilentReason } from './reasons.ts';

/**
 * One Set-Cookie value. A string is text, encoded as UTF-8 before it is judged, as it stands in source code or in
 * a HAR file. What Node's `http` hands over is one character per byte: pass it through `fromLatin1`.
 */
export type SetCookieLine = string | Uint8Array;

/** Where the answer goes: a tab, a frame, or anything that a document loads (fetch, image, script, WebSocket). */
export type CookieTarget = 'top-level' | 'frame' | 'subresource';

/** One request as the cookie rules see it; each hop of a redirect chain is a request of its own. */
export interface CookieRequest {
  /** Absolute URL of this request: http, https, ws or wss. */
  readonly url: string;
  readonly method: string;
  readonly target: CookieTarget;
  /** Serialised origin of the document that started it, `'null'` if that is opaque, `null` if the user typed the URL. */
  readonly initiator: string | null;
  /**
   * Serialised origin of the page in the address bar, `'null'` if it is opaque or only known to be of another site.
   * Not looked at for a top-level request, which replaces that page.
   */
  readonly topLevel: string;
  /** Origins of the frames between that page and the requesting document (that document included), outermost first. */
  readonly frames?: readonly string[];
  /** `false`: the Fetch credentials mode keeps cookies out both ways. `'unknown'` is judged as `true`. */
  readonly credentials: boolean | 'unknown';
  /** A CORS preflight: carries no cookies and sets none. */
  readonly preflight?: boolean;
}

export type SameSite = 'Strict' | 'Lax' | 'None' | 'unspecified';
export type Priority = 'Low' | 'Medium' | 'High';
export type ThirdPartyCookies = 'allowed' | 'blocked';

/** The jar's partition of a cookie with `Partitioned` (CHIPS): the top-level site, and whether a frame of another site lies between. */
export interface PartitionKey {
  readonly topLevelSite: string;
  readonly hasCrossSiteAncestor: boolean;
}

/** A cookie as the jar holds it. Texts are decoded UTF-8; what is not UTF-8 has U+FFFD in it. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** With a leading dot: sent to subdomains too. Without: host-only. */
  readonly domain: string;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: SameSite;
  readonly priority: Priority;
  /** Milliseconds since 1970, `null` for a session cookie. */
  readonly expires: number | null;
  /** Milliseconds since 1970. An overwritten cookie hands its time on if the value is the same. */
  readonly created: number;
  readonly lastAccess: number;
  readonly sourceScheme: 'Secure' | 'NonSecure';
  readonly sourcePort: number;
  /** `null`: in the common, unpartitioned jar. */
  readonly partitionKey: PartitionKey | null;
}

/**
 * - `stored`, `blocked`: what the browser reports.
 * - `expired`: accepted, but its time is over: it deletes a cookie of that name, domain and path. A cookie of an
 *   earlier line that it deletes is `expired`, too.
 * - `overwritten`: stored, then replaced by a later line of the same answer with another value.
 * - `evicted`: stored, then thrown out because the site has too many cookies.
 * - `silently-dropped`: not stored, and the browser reports nothing.
 * - `not-processed`: nobody looked at it (credentials mode, preflight).
 * - `response-rejected`: the answer itself is invalid HTTP (a NUL in a header).
 */
export type CookieVerdict =
  | 'stored'
  | 'blocked'
  | 'expired'
  | 'overwritten'
  | 'evicted'
  | 'silently-dropped'
  | 'not-processed'
  | 'response-rejected';

export interface LineVerdict {
  /** Index into the `setCookie` of the response. */
  readonly line: number;
  readonly verdict: CookieVerdict;
  /** Sorted; empty unless `blocked`. */
  readonly reasons: readonly CookieReason[];
  /** Only with `silently-dropped`. */
  readonly silentReason?: SilentReason;
  readonly warnings: readonly CookieWarning[];
  /** What would be or was stored; absent when the line could not be understood. */
  readonly cookie?: Cookie;
}

/** An answer (each redirect hop has its own) with what matters for cookies. */
export interface CookieResponse {
  readonly request: CookieRequest;
  /** One entry per Set-Cookie header, in order. */
  readonly setCookie: readonly SetCookieLine[];
  /** The values of `Clear-Site-Data`, if any. */
  readonly clearSiteData?: readonly string[];
  /** The value of `Date`, if any: Expires is measured by the server's clock. */
  readonly date?: string;
}

export interface NotSent {
  readonly name: string;
  readonly domain: string;
  readonly path: string;
  readonly reasons: readonly CookieReason[];
}

export interface SendVerdict {
  /** The Cookie header as text, empty for none; not UTF-8 means U+FFFD, see `cookieHeaderBytes`. */
  readonly cookieHeader: string;
  readonly cookieHeaderBytes: Uint8Array;
  readonly sent: readonly Cookie[];
  /** Cookies of this site and partition that stay behind. Empty for requests without credentials. */
  readonly notSent: readonly NotSent[];
}

export interface CookieJarOptions {
  readonly thirdPartyCookies: ThirdPartyCookies;
}

/** A model of Chromium's cookie jar. All times are milliseconds since 1970 and must not run backwards. */
export interface CookieJar {
  /** Judges every Set-Cookie of an answer and stores what passes. The status code does not matter. */
  receive(response: CookieResponse, nowMs: number): readonly LineVerdict[];
  /** The Cookie header of a request and what stays behind; counts as an access of what is sent. */
  send(request: CookieRequest, nowMs: number): SendVerdict;
  /** `document.cookie` of a document at that URL, as a top-level page unless `context` says otherwise. */
  documentCookie(
    pageUrl: string,
    nowMs: number,
    context?: { readonly topLevel: string; readonly frames?: readonly string[] },
  ): string;
  /** All cookies that have not expired, in no particular order. */
  all(nowMs: number): readonly Cookie[];
}
