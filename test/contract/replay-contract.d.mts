import type { OpenAuth, OpenAuthOptions } from '../../src/auth/open.ts';

export interface StepResult {
  readonly scenario: string;
  readonly step: string;
  readonly outcome: 'pass' | 'fail' | 'skip';
}

export function replayContract(
  openAuth: (options: OpenAuthOptions) => Promise<OpenAuth>,
  contract: unknown,
  config: string,
  options?: { readonly open?: Partial<OpenAuthOptions> },
): Promise<readonly StepResult[]>;

export function describeFailure(result: StepResult): string;
