import type { LineVerdict } from '../cookies/types.ts';
import { refusalWords } from '../watch/cookie-words.ts';
import { nameOfLine } from '../watch/line-verdicts.ts';
import type { Sight } from '../watch/sight.ts';
import { cookieName } from '../watch/words.ts';
import type { Redaction } from './redaction.ts';
import type { SetCookieView } from './types.ts';

/**
 * What became of each Set-Cookie line.
 * @param verdicts of the engine, in the order of the lines; the jar decides some of them.
 */
export function setCookieViews(
  sight: Sight,
  verdicts: readonly LineVerdict[],
  redaction: Redaction,
): readonly SetCookieView[] {
  return sight.setCookie.flatMap((line, at) => {
    const found = verdicts[at];
    if (found === undefined) return [];
    const verdict = VERDICTS[found.verdict];
    return [
      {
        line: redaction.setCookieLine(line),
        name: nameOfLine(line),
        verdict,
        reasons: found.silentReason === undefined ? found.reasons : [found.silentReason],
        why: whyOf(found, line, sight),
        warnings: found.warnings,
      },
    ];
  });
}

const VERDICTS: Readonly<Record<LineVerdict['verdict'], SetCookieView['verdict']>> = {
  stored: 'stored',
  blocked: 'refused',
  expired: 'deleted',
  overwritten: 'replaced',
  evicted: 'replaced',
  'silently-dropped': 'refused',
  'not-processed': 'ignored',
  'response-rejected': 'ignored',
};

function whyOf({ verdict, reasons, silentReason }: LineVerdict, line: string, sight: Sight): string | null {
  switch (verdict) {
    case 'blocked':
      return sentence(reasons.map((reason) => refusalWords(reason, line, sight)).join('; and '));
    case 'silently-dropped':
      return sentence(refusalWords(silentReason ?? '', line, sight));
    case 'expired':
      return `Its time is over as it arrives: it takes ${cookieName(nameOfLine(line))} out of the jar.`;
    case 'overwritten':
      return 'A later line of the same answer has another value for it.';
    case 'evicted':
      return 'The site has too many cookies: this one went at once.';
    case 'not-processed':
      return 'The request was sent without credentials: the browser keeps none of the cookies.';
    case 'response-rejected':
      return 'There is a NUL in the header section, which makes the whole answer invalid.';
    case 'stored':
      return null;
  }
}

function sentence(text: string): string {
  return text === '' ? '' : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}
