/**
 * Why a cookie is not stored or not sent, in Chromium's words (the DevTools protocol's `SetCookieBlockedReason` and
 * `CookieBlockedReason`). Sections are those of RFC 6265bis (draft-ietf-httpbis-rfc6265bis).
 */
export type CookieReason =
  /** Storing: name and value are both empty (5.7, step "if the cookie-name and value are empty"). */
  | 'NoCookieContent'
  /** Storing: name and value together exceed 4096 bytes (5.6). */
  | 'NameValuePairExceedsMaxSize'
  /** Storing: a control character in the name, the value or an attribute (5.6). */
  | 'DisallowedCharacter'
  /** Storing: the answer clears cookies (`Clear-Site-Data`), so none of its own is kept, not even one that deletes. */
  | 'SyntaxError'
  /** Storing: Domain is not the host or a parent of it, or is a public suffix (5.7). */
  | 'InvalidDomain'
  /** Storing: the name promises what the attributes do not keep: `__Secure-`, `__Host-`, `__Http-`, `__Host-Http-` (5.4). */
  | 'InvalidPrefix'
  /** Both: a third-party request while third-party cookies are blocked (a browser setting). */
  | 'UserPreferences'
  /** Storing: Secure over plain http. Sending: a Secure cookie and a plain http URL (5.7, 5.8.3). */
  | 'SecureOnly'
  /** Storing: `SameSite=None` without Secure (5.7). */
  | 'SameSiteNoneInsecure'
  /** Both: `SameSite=Strict` and a request of another site; schemes count (5.2, "Schemeful Same-Site"). */
  | 'SchemefulSameSiteStrict'
  /** Both: `SameSite=Lax`, another site, and no top-level request with a safe method (5.2). */
  | 'SchemefulSameSiteLax'
  /** Both: no or no valid SameSite, which counts as Lax (5.6.7.1, "Lax-allowing-unsafe"). */
  | 'SchemefulSameSiteUnspecifiedTreatedAsLax'
  /** Storing: plain http may not shadow a Secure cookie of that name ("Leave Secure Cookies Alone", 5.7). */
  | 'OverwriteSecure'
  /** Sending: another host, and the cookie is host-only or of a sibling (5.1.3). */
  | 'DomainMismatch'
  /** Sending: the cookie's Path does not cover the URL (5.1.4). */
  | 'NotOnPath';

/** What DevTools warns about although the cookie may be stored. */
export type CookieWarning =
  /** An attribute longer than 1024 bytes is ignored (5.6). */
  | 'WarnAttributeValueExceedsMaxSize'
  /** Domain with characters outside ASCII: taken as IDN today, to be refused one day. */
  | 'WarnDomainNonASCII'
  | 'WarnSameSiteNoneInsecure'
  | 'WarnSameSiteUnspecifiedCrossSiteContext'
  /** Sent on a cross-site POST only because it is younger than two minutes. */
  | 'WarnSameSiteUnspecifiedLaxAllowUnsafe';

/** Why a cookie vanishes without a trace in DevTools. */
export type SilentReason =
  /** `Partitioned` needs Secure and an https (or loopback) answer. */
  | 'PartitionedInsecure'
  /** A nameless value with `=` in it would read as another cookie when sent. */
  | 'NamelessWithEquals';
