import type { IconName } from '../parts/icon-paths.ts';
import type { ExchangeRow } from '../shapes.ts';
import { CLIENT_LEFT } from './filter.ts';
import { countOf } from './format.ts';

/** A verdict on a row: an icon, a short text, and the same as a sentence. Never colour alone. */
export interface Mark {
  readonly icon: IconName;
  readonly tone: 'good' | 'bad' | 'warn' | 'plain';
  readonly text: string;
  readonly title: string;
}

/** What is to be said of an exchange at a glance, the most urgent first. */
export function marksOf(row: ExchangeRow): readonly Mark[] {
  return [...failureMarks(row), ...row.findings.map(findingMark), ...corsMarks(row), ...cookieMarks(row)];
}

function findingMark(code: string): Mark {
  return { icon: 'warning', tone: 'bad', text: code, title: `Finding ${code}` };
}

function corsMarks({ cors }: ExchangeRow): readonly Mark[] {
  switch (cors) {
    case 'none':
      return [];
    case 'allowed':
      return [{ icon: 'check', tone: 'good', text: 'CORS', title: 'The page may read this answer' }];
    case 'preflight-allowed':
      return [{ icon: 'check', tone: 'good', text: 'preflight', title: 'The preflight allows the request' }];
    case 'blocked':
      return [
        {
          icon: 'cross',
          tone: 'bad',
          text: 'CORS blocked',
          title: 'The browser keeps this answer from the page',
        },
      ];
    case 'preflight-blocked':
      return [
        {
          icon: 'cross',
          tone: 'bad',
          text: 'preflight blocked',
          title: 'The preflight does not allow the request: the browser does not send it',
        },
      ];
  }
}

function cookieMarks({ cookies: { stored, deleted, refused } }: ExchangeRow): readonly Mark[] {
  const marks: Mark[] = [];
  if (refused > 0)
    marks.push({
      icon: 'cross',
      tone: 'bad',
      text: `${refused} refused`,
      title: `The browser refuses ${countOf(refused, 'cookie')}`,
    });
  if (stored > 0)
    marks.push({
      icon: 'cookie',
      tone: 'plain',
      text: `${stored} stored`,
      title: `The browser stores ${countOf(stored, 'cookie')}`,
    });
  if (deleted > 0)
    marks.push({
      icon: 'cookie',
      tone: 'plain',
      text: `${deleted} deleted`,
      title: `The browser deletes ${countOf(deleted, 'cookie')}`,
    });
  return marks;
}

function failureMarks({ failure, kind }: ExchangeRow): readonly Mark[] {
  const socket: Mark = { icon: 'link', tone: 'plain', text: 'WebSocket', title: 'A WebSocket connection' };
  return [...(kind === 'websocket' ? [socket] : []), ...(failure === null ? [] : [failureMark(failure)])];
}

function failureMark(failure: string): Mark {
  if (failure !== CLIENT_LEFT)
    return { icon: 'warning', tone: 'bad', text: failure, title: `It failed: ${failure}` };
  // Nobody's mistake: a page that was left, a fetch that was given up.
  return {
    icon: 'dash',
    tone: 'plain',
    text: 'client left',
    title: 'The client left before it had the whole answer',
  };
}
