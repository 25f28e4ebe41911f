import { checkAnswer } from './access-check.ts';
import type { Hop, Outcome } from './fetch-state.ts';
import { checkResourcePolicy } from './resource-policy.ts';
import type { HttpAnswer } from './types.ts';

/** What any answer has to pass, a redirect too. */
export function checkHeaders(hop: Hop, answer: HttpAnswer): Outcome | null {
  if (hop.crossOrigin) {
    const problem = checkAnswer(hop.request, answer, hop);
    if (problem !== null) return { problem };
  }
  if (hop.request.mode !== 'no-cors') return null;
  const blockedReason = checkResourcePolicy(hop.request.pageOrigin, hop.url, answer);
  return blockedReason === null ? null : { blockedReason };
}
