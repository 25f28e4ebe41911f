import type { Tab } from '../parts/tabs.tsx';
import type { ExchangeDetail } from '../shapes.ts';

export type DetailTab = 'overview' | 'findings' | 'cookies' | 'cors' | 'tokens' | 'headers' | 'bodies';

/** The same tabs for every exchange, so that one can stay on one of them while going through the list. */
export function detailTabs(detail: ExchangeDetail): readonly Tab<DetailTab>[] {
  const { shown, cookiesSent, cookiesKeptBack, cookiesSet, tokens } = detail;
  return [
    { id: 'overview', label: 'Overview' },
    { id: 'findings', label: 'Findings', count: shown.length, tone: 'bad' },
    {
      id: 'cookies',
      label: 'Cookies',
      count: cookiesSent.length + cookiesKeptBack.length + cookiesSet.length,
    },
    { id: 'cors', label: 'CORS' },
    { id: 'tokens', label: 'Tokens', count: tokens.length },
    { id: 'headers', label: 'Headers' },
    { id: 'bodies', label: 'Bodies' },
  ];
}
