/** One thing that a client was tried with. The page makes them, and `verify` has the same shape for its other clients. */
export interface CheckStep {
  /** Kebab case, unique within a report: `cookie-lax`, `login`, `user-after-reload`. */
  readonly id: string;
  /** A few words: `SameSite=Lax cookie`. */
  readonly title: string;
  /** `info`: seen, and of no consequence for the outcome; `skip`: it could not be tried here. */
  readonly status: 'pass' | 'fail' | 'info' | 'skip';
  /** What was seen: a sentence or two, without secrets. */
  readonly detail: string;
  readonly ms: number;
  /** What to do about a failure; absent where there is none, or nothing is known that helps. */
  readonly fix?: string;
  /** The code of the finding that a failure is (`JD301`), where it is surely that one. */
  readonly code?: string;
}

export interface CheckReport {
  /** navigator.userAgent */
  readonly browser: string;
  /** When it began; ISO 8601, UTC, by the browser's clock. */
  readonly at: string;
  /** In the order in which they were tried. */
  readonly steps: readonly CheckStep[];
}

/**
 * The answer of `GET /check-runs?id=ID&wait=10s` on the control server: at once where the run is done, else when it is, or
 * after that time. With `&steps=N` also as soon as the report has more than N steps.
 */
export interface CheckRun {
  readonly id: string;
  /** The page has said that nothing more comes. */
  readonly done: boolean;
  /** As far as the page has got; null: it has not said anything yet. */
  readonly report: CheckReport | null;
}

/**
 * What `POST /check-runs` takes. With neither, only the browser is tried. With `register` a new user with a random name
 * is registered; the session is that of `login`, or, where that is null, of the new user.
 */
export interface CheckWish {
  readonly login: { readonly username: string; readonly password: string } | null;
  readonly register: boolean;
  /** When the browser itself is tried: before the session, or only where the session fails, to say why. */
  readonly browserChecks: 'first' | 'after-failure';
}

/** What `POST /check-runs` answers (201). */
export interface OpenedCheckRun {
  /** 128 random bits, in hexadecimal. It ends two minutes after it was opened. */
  readonly id: string;
  /** What the browser is to open. */
  readonly url: string;
  /**
   * The same for a browser that ends with the load of its page, which the end of the run is then; there is no secret in
   * this URL, but the browser has to ask for that language, beside its others.
   */
  readonly stage: { readonly url: string; readonly language: string };
}

/** The answer of `GET /__jwt-dev/check/run?id=ID`: once. */
export interface CheckTask extends CheckWish {
  readonly id: string;
}

/** What `POST /__jwt-dev/check/report?id=ID` takes: each time everything up to now. */
export interface CheckProgress {
  readonly done: boolean;
  readonly report: CheckReport;
}

/** The answer of `GET /__jwt-dev/check/settings`. */
export interface CheckSettings {
  /** Origins. */
  readonly frontend: string;
  readonly api: string;
  /** The registrable domain of both. */
  readonly site: string;
  /** Of the auth API, on the API's host; begins and ends with a slash. */
  readonly basePath: string;
  readonly accessCookie: string;
  readonly refreshCookie: string;
  /** Whether the bundled auth API answers below the base path. */
  readonly bundled: boolean;
  /** By which field a login names its user: the bundled API's setting; a backend of the user's own is tried with both. */
  readonly loginBy: readonly ('username' | 'email')[];
}

/** The answer of `GET /__jwt-dev/check/echo` and of `POST /__jwt-dev/check/cookies`, on both hosts. */
export interface CheckEcho {
  /** The check's own cookies that came, and the token cookies: by name, with the value of the check's own. */
  readonly cookies: Readonly<Record<string, string>>;
  /** What the browser says of itself: `same-site`, `same-origin`; null: it does not say. */
  readonly fetchSite: string | null;
  /** The server's clock, Unix milliseconds. */
  readonly now: number;
}
