/** What one client may take from the proxy. Milliseconds and bytes. */
export interface Limits {
  /** From the accepted connection to the end of the TLS handshake. */
  readonly handshakeTimeoutMs: number;
  /** From the first byte of a request to the end of its header section (slowloris). */
  readonly requestHeadersTimeoutMs: number;
  /** Silence in the middle of a request body, while the upstream waits for it. */
  readonly requestBodyIdleTimeoutMs: number;
  /** An idle connection to a client. */
  readonly clientIdleTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** From the sent request to the upstream's header section. */
  readonly upstreamHeadersTimeoutMs: number;
  /** An idle connection to an upstream, where the upstream names no time itself. */
  readonly upstreamIdleTimeoutMs: number;
  /** Request line and header section together; the same for answers. */
  readonly headerBytes: number;
  readonly connections: number;
  readonly streamsPerConnection: number;
  /** HTTP/2 resets by one client: that many at once, then that many a second (CVE-2023-44487). */
  readonly resetBurst: number;
  readonly resetRate: number;
  /** How often one request may pass through the proxy. */
  readonly hops: number;
  /** An upgraded connection of which one side has ended: how long the other may still send. */
  readonly upgradeLingerMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  handshakeTimeoutMs: 15_000,
  requestHeadersTimeoutMs: 20_000,
  // No limit on a whole body: a large upload over a slow link is fine as long as it moves.
  requestBodyIdleTimeoutMs: 120_000,
  // Longer than browsers keep idle connections (Chromium 300 s), so that they close first and never race with us.
  clientIdleTimeoutMs: 310_000,
  connectTimeoutMs: 5_000,
  // A developer at a breakpoint is not a dead server.
  upstreamHeadersTimeoutMs: 300_000,
  // Below uvicorn's, Node's and gunicorn's 5 s and 2 s defaults: a request must not meet a connection that is just closing.
  upstreamIdleTimeoutMs: 1_500,
  // Node's 16 KiB is soon full of cookies that piled up on a development host.
  headerBytes: 64 * 1024,
  connections: 4_096,
  streamsPerConnection: 256,
  // A reload of a page of 1,000 modules resets all that are pending: far above nghttp2's default rate of 33 a second.
  resetBurst: 10_000,
  resetRate: 1_000,
  // Frontend servers that call the API through the proxy need two; a loop reaches any number.
  hops: 5,
  upgradeLingerMs: 10_000,
};
