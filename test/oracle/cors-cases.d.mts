import type { createFetchJudge } from '../../src/verdicts/cors/judge.ts';
import type { FetchVerdict } from '../../src/verdicts/cors/types.ts';

export interface ExpectedStep {
  readonly type?: string;
  readonly status?: number;
  readonly visibleHeaders?: readonly string[];
  readonly blockedReason?: string;
  readonly requests: readonly {
    readonly method: string;
    readonly url: string;
    readonly cookie?: boolean;
    readonly headers?: { readonly origin?: string };
  }[];
}

export interface CorsCase {
  readonly id: string;
  readonly class: string;
  readonly env: string;
  readonly expect: ExpectedStep | { readonly steps: readonly ExpectedStep[] };
}

export interface Difference {
  readonly field: string;
  readonly predicted: unknown;
  readonly expected: unknown;
}

type Create = typeof createFetchJudge;

export function playCase(create: Create, item: CorsCase): readonly FetchVerdict[];
export function predictCase(create: Create, item: CorsCase): { readonly id: string };
export function compare(item: CorsCase, prediction: { readonly id: string }): readonly Difference[];
