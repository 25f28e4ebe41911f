import type { createCookieJar } from '../../src/verdicts/cookies/jar.ts';
import type { CookieRequest } from '../../src/verdicts/cookies/types.ts';
import type { isMixedContent } from '../../src/verdicts/cors/mixed-content.ts';

export interface Engine {
  readonly createCookieJar: typeof createCookieJar;
  readonly isMixedContent: typeof isMixedContent;
}

export interface Head {
  readonly recordedAt: readonly string[];
}

export interface Step {
  readonly kind: string;
  readonly url: string;
}

export interface ExpectedStep {
  /** As the server saw it; absent if nothing left the browser. */
  readonly request?: { readonly method: string; readonly headers: Readonly<Record<string, string>> };
  readonly cookieHeader?: string;
}

export interface ExpectedCookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: string;
  readonly sourceScheme: string;
  readonly sourcePort: number;
  readonly session: boolean;
  readonly lifetimeSec?: number;
  readonly expires?: string;
  readonly priority?: string;
  readonly partitionKey?: { readonly topLevelSite: string; readonly hasCrossSiteAncestor: boolean };
}

export interface CookieCase {
  readonly id: string;
  readonly class: string;
  readonly env: string;
  readonly follow: readonly Step[];
  readonly expect: { readonly follow: readonly ExpectedStep[]; readonly jar: readonly ExpectedCookie[] };
}

export interface Difference {
  readonly field: string;
  readonly predicted: unknown;
  readonly expected: unknown;
}

export interface Prediction {
  readonly id: string;
  readonly lines: readonly unknown[];
  readonly follow: readonly unknown[];
}

export function requestsOf(step: Step): readonly CookieRequest[];
export function predictCase(engine: Engine, item: CookieCase, head: Head): Prediction;
export function compare(item: CookieCase, prediction: Prediction): readonly Difference[];
