import type { Visit } from '../../doctor/api/page.ts';
import { BODY_LIMIT } from '../../doctor/facts/probe.ts';
import type { Cookie } from '../../verdicts/cookies/types.ts';
import type { CorsProblem } from '../../verdicts/cors/types.ts';
import { valuesOf } from '../../verdicts/header-pairs.ts';
import { jarCookieOf } from '../../verdicts/view/jar-views.ts';
import { type BodyText, createRedaction, REVEALING, type Redaction } from '../../verdicts/view/redaction.ts';
import { setCookieViews } from '../../verdicts/view/set-cookie-views.ts';
import { faultOf } from '../../verdicts/watch/cors-words.ts';
import { createSightReader, type Sight } from '../../verdicts/watch/sight.ts';
import type { HeaderPairs, WatchSettings } from '../../verdicts/watch/types.ts';
import type { TryAnswer, TryRequest } from './types.ts';

export interface TryContext {
  readonly request: TryRequest;
  /** What the jar of the forms holds after it. */
  readonly cookies: readonly Cookie[];
  readonly now: Date;
  /** Whether secrets are to stand in it. */
  readonly reveal: boolean;
}

/** Says of what came back the same as is said of exchanges that were recorded. */
export function createTryAnswers(settings: WatchSettings): {
  readonly describe: (visit: Visit, context: TryContext) => TryAnswer;
} {
  const read = createSightReader(settings);
  /** The answer, or its preflight's, as the rules want it. */
  const sightOf = (visit: Visit, at: Date, status: number, responseHeaders: HeaderPairs): Sight =>
    read({
      id: '',
      kind: 'http',
      at: at.getTime(),
      durationMs: 0,
      url: `${settings.apiOrigin}${visit.path}`,
      method: visit.method,
      requestHeaders: [
        ['origin', settings.frontendOrigin],
        ['sec-fetch-site', 'same-site'],
        ['sec-fetch-mode', 'cors'],
      ],
      status,
      responseHeaders,
      withheldHeaders: [],
      refusal: null,
      canary: 'unknown',
      fromBackend: true,
    });
  const problemOf = (visit: Visit, now: Date): string | null => {
    const { preflight } = visit;
    if (preflight !== null && preflight.problem !== null) {
      const { status, headers } = preflight.answer;
      const sight = sightOf(visit, now, status, headers);
      return `The preflight: ${fault(preflight.problem, sight)} The request was not sent.`;
    }
    if (visit.problem === null) return null;
    return `The answer: ${fault(visit.problem, sightOf(visit, now, visit.status, visit.headers))}`;
  };
  const fault = (problem: CorsProblem, sight: Sight): string =>
    faultOf(problem, sight, settings.frontendOrigin);

  return {
    describe: (visit, { request, cookies, now, reveal }) => {
      const redaction = reveal ? REVEALING : redactionOf(visit, request);
      const sight = sightOf(visit, now, visit.status, visit.headers);
      return {
        status: visit.status,
        silent: visit.silent,
        headers: redaction.headers(visit.headers),
        body: redaction.body(bodyOf(visit)),
        corsProblem: problemOf(visit, now),
        cookiesSet: setCookieViews(sight, visit.lines, redaction),
        jar: cookies.map((cookie) => jarCookieOf(cookie, null, redaction)),
      };
    },
  };
}

/** What was sent is looked through too: a backend may repeat a password in its answer. */
function redactionOf(visit: Visit, { json, path }: TryRequest): Redaction {
  const sent = { mediaType: 'application/json', isCut: false, status: null };
  return createRedaction({
    headers: [visit.headers],
    bodies: [...(json === undefined ? [] : [{ ...sent, text: JSON.stringify(json) }]), bodyOf(visit)],
    isRequestKnown: true,
    target: path,
  });
}

function bodyOf({ headers, body: text, status }: Visit): BodyText {
  const [type = ''] = valuesOf(headers, 'content-type');
  const mediaType = type.split(';')[0]?.trim().toLowerCase() ?? '';
  return { mediaType, text, status, isCut: text.length >= BODY_LIMIT };
}
