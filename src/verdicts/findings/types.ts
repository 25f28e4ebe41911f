import type { FindingCode } from './codes.ts';

export type Severity = 'error' | 'warning' | 'info';

/** The part of somebody's project that a fix is for. */
export type FixPlace =
  | 'Django'
  | 'Express'
  | 'fetch'
  | 'axios'
  | 'ky'
  | 'Nuxt'
  | 'Next.js'
  | 'Vite'
  | 'Angular'
  | 'webpack'
  | 'Node'
  | 'Python'
  | 'Java'
  | 'curl'
  | 'Playwright'
  | 'backend'
  | 'jwt-dev.config.json'
  | 'browser'
  | 'terminal';

export interface Fix {
  readonly place: FixPlace;
  /** A line to write, or a command to run. */
  readonly text: string;
}

/** What is true of a code wherever it comes up. */
export interface FindingKind {
  /** Kebab case, for people who would rather read than look up: `credentials-missing`. */
  readonly name: string;
  readonly severity: Severity;
  /** A few words, the head of the finding. */
  readonly title: string;
  /** Why the browser, or the backend, does that. */
  readonly cause: string;
  readonly fixes: readonly Fix[];
  /** Where the rule stands: an RFC section, a section of Fetch, Chromium's name. */
  readonly source: string;
}

/** What a rule found in one exchange, or in several. */
export interface Finding {
  readonly code: FindingCode;
  /** What was seen, with the values: one or two sentences. Never a secret: tokens and cookie values are left out. */
  readonly evidence: string;
  /** What the finding is about: a cookie's name, a header's. With code and host it tells one finding from another. */
  readonly subject: string;
  /** The host that answered, lower case, without port. */
  readonly host: string;
  /** Chromium's own name, where it has one: `InvalidDomain`, `WildcardOriginNotAllowed`. */
  readonly reason?: string;
  /** Fixes with the values of this case, ahead of the kind's own. */
  readonly fixes?: readonly Fix[];
  /** Whose mistake it is, where that is known: the kind's fixes for other stacks are left out. */
  readonly stack?: FixPlace;
  /** The exchanges that show it, oldest first. */
  readonly exchanges: readonly string[];
  /** Milliseconds since 1970. */
  readonly at: number;
}
