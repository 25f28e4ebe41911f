import { findingOf, NONE, type Rule } from '../rule.ts';
import { answerHeaders, type Sight } from '../sight.ts';
import { endpointName, requestLine, shown } from '../words.ts';
import { isCorsRequest } from './cors.ts';

/**
 * JD214: an answer that a browser keeps names one origin and has no `Vary: Origin` (Fetch, "CORS protocol and HTTP
 * caches"). Only where the backend itself asks for it to be kept: what a browser keeps by guessing is seldom an API's.
 */
export const corsCaching: Rule = (sight) => {
  if (sight.exchange.method !== 'GET' || sight.exchange.status !== 200 || !isCorsRequest(sight)) return NONE;
  const [allowed] = answerHeaders(sight, 'access-control-allow-origin');
  if (allowed === undefined || allowed === '*' || allowed !== sight.origin) return NONE;
  const caching = answerHeaders(sight, 'cache-control').join(',');
  if (!isKept(caching) || variesByOrigin(sight)) return NONE;
  return [
    findingOf('JD214', sight, {
      evidence: `${requestLine(sight)} may be kept (Cache-Control: ${shown(caching)}) and allows only ${shown(allowed)}, without Vary: Origin. A page of another origin gets it out of the cache, and fails.`,
      subject: endpointName(sight),
    }),
  ];
};

function isKept(cacheControl: string): boolean {
  if (/\bno-(?:store|cache)\b/i.test(cacheControl)) return false;
  return Number(/\bmax-age\s*=\s*"?(\d{1,10})/i.exec(cacheControl)?.[1] ?? 0) > 0;
}

function variesByOrigin(sight: Sight): boolean {
  return answerHeaders(sight, 'vary')
    .join(',')
    .split(',')
    .some((name) => ['*', 'origin'].includes(name.trim().toLowerCase()));
}
