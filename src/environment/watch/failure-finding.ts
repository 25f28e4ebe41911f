import type { Exchange, FailureCode } from '../../proxy/types.ts';
import type { Finding } from '../../verdicts/findings/types.ts';

const SILENCE: ReadonlySet<FailureCode> = new Set([
  'ERR_UPSTREAM_UNREACHABLE',
  'ERR_UPSTREAM_CLOSED',
  'ERR_UPSTREAM_TIMEOUT',
]);

/** JD603: the upstream of this exchange did not answer. The proxy alone knows that; in the answer it is only a 502 or 504. */
export function findingOfFailure({
  failure,
  upstream,
  hostname,
  id,
  startedAt,
}: Exchange): readonly Finding[] {
  if (failure === null || upstream === null || !SILENCE.has(failure.code)) return [];
  return [
    {
      code: 'JD603',
      evidence: failure.message,
      subject: upstream,
      host: hostname,
      fixes: [{ place: 'backend', text: failure.hint }],
      exchanges: [id],
      at: startedAt.getTime(),
    },
  ];
}
