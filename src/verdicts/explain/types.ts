import type { FindingCode } from '../findings/codes.ts';
import type { Fix, Severity } from '../findings/types.ts';

/** Whose words they are. */
export type Client =
  | 'Chromium'
  | 'Firefox'
  | 'Safari'
  | 'Node'
  | 'curl'
  | 'Python'
  | 'Java'
  | 'Go'
  | 'OpenSSL'
  | 'Playwright'
  | 'Django'
  | 'Express'
  | 'dev server'
  | 'jwt-dev';

/** What an error means where none of the findings does. */
export interface OwnExplanation {
  readonly name: string;
  readonly severity: Severity;
  readonly title: string;
  readonly cause: string;
  readonly fixes: readonly Fix[];
}

/** One way in which a client words an error. */
export interface ErrorPattern {
  readonly client: Client;
  /**
   * A space stands for any white space (texts wrap when they are pasted); straight quotes for curly ones. Every
   * repetition is bounded, so that the time to look is linear. Named groups become parameters.
   */
  readonly pattern: RegExp;
  readonly says: FindingCode | OwnExplanation;
  /** Chromium's own name for it. */
  readonly reason?: string;
  /** What this wording adds to the cause. */
  readonly note?: string;
  /** Ahead of those of the code. */
  readonly fixes?: readonly Fix[];
  /**
   * How little it says: 1 a sentence that several clients share, 2 "something failed". Such a match counts only where
   * nothing better was found.
   */
  readonly vague?: 1 | 2;
  /** Where the wording comes from. */
  readonly source: string;
}

export interface Explanation {
  /** null: an error that is none of our findings. */
  readonly code: FindingCode | null;
  readonly name: string;
  readonly severity: Severity;
  readonly client: Client;
  readonly title: string;
  readonly cause: string;
  /** Chromium's own name. */
  readonly reason: string | null;
  readonly fixes: readonly Fix[];
  readonly source: string;
  /** The part of the text that was understood. */
  readonly matched: string;
  /** What it names: `url`, `origin`, `header`, `method`, `value`, `host`, `port`, `cookie`, `status` … */
  readonly parameters: Readonly<Record<string, string>>;
  /** How often it stands in the text. */
  readonly count: number;
}
