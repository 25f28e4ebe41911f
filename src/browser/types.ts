export type BrowserKind = 'chromium' | 'firefox';

export interface InstalledBrowser {
  readonly kind: BrowserKind;
  /** Absolute. */
  readonly file: string;
  /** The name of the snap that it is, or null. A snap sees no hidden directories of the home but its own. */
  readonly snap: string | null;
}

/** How the browser gets to our names. */
export type BrowserRoute =
  /** By a proxy auto-configuration script, which sends everything else on its usual way. */
  | { readonly kind: 'pac'; readonly source: string }
  /** Straight to an address, as a hosts entry would. */
  | {
      readonly kind: 'direct';
      /** An IP literal. */
      readonly address: string;
      readonly httpsPort: number;
      readonly httpPort: number | null;
    }
  /** As this machine finds names by itself. */
  | { readonly kind: 'system'; readonly httpsPort: number };

/** What the browser is to trust, and nothing but the browser. */
export interface BrowserTrust {
  readonly mode: 'ca' | 'self-signed';
  /** PEM: the root, or the self-signed certificate itself. */
  readonly caFile: string;
  /** PEM: what the server sends. */
  readonly chainPem: string;
}
