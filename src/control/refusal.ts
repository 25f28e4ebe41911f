import type { JsonAnswer } from './route.ts';

/** A request that is answered with an error of its own status. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** How every refusal looks. */
export function refused({ status, code, message }: Refusal): JsonAnswer {
  return { status, body: { error: { code, message } } };
}
