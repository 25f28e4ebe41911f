import { Empty } from '../parts/empty.tsx';
import { FindingCard } from '../parts/finding-card.tsx';
import { HeaderTable } from '../parts/header-table.tsx';
import type { ExchangeDetail } from '../shapes.ts';
import { BodiesPart } from './bodies-part.tsx';
import { CookiesPart } from './cookies-part.tsx';
import { CorsPart } from './cors-part.tsx';
import type { DetailTab } from './detail-tabs.ts';
import { OverviewPart } from './overview-part.tsx';
import { TokensPart } from './tokens-part.tsx';

interface DetailPartProps {
  readonly tab: DetailTab;
  readonly detail: ExchangeDetail;
}

/** What a tab shows. */
export function DetailPart({ tab, detail }: DetailPartProps) {
  switch (tab) {
    case 'overview':
      return <OverviewPart detail={detail} />;
    case 'findings':
      return <FindingsPart detail={detail} />;
    case 'cookies':
      return <CookiesPart detail={detail} />;
    case 'cors':
      return <CorsPart steps={detail.corsSteps} />;
    case 'tokens':
      return <TokensPart tokens={detail.tokens} />;
    case 'headers':
      return <HeadersPart detail={detail} />;
    case 'bodies':
      return <BodiesPart detail={detail} />;
  }
}

function FindingsPart({ detail: { shown } }: { readonly detail: ExchangeDetail }) {
  if (shown.length === 0) return <Empty title="No findings">Nothing is wrong with this exchange.</Empty>;
  return (
    <div class="cards">
      {shown.map((finding) => (
        <FindingCard key={finding.code + finding.subject} finding={finding} withExchanges={false} />
      ))}
    </div>
  );
}

function HeadersPart({ detail }: { readonly detail: ExchangeDetail }) {
  return (
    <>
      <HeaderTable title="Request headers" headers={detail.request.headers} />
      <HeaderTable title="Response headers" headers={detail.response.headers} />
      {detail.withheld.length > 0 && (
        <HeaderTable
          title="Withheld"
          headers={detail.withheld}
          note="The upstream sent these; the proxy kept them from the client."
        />
      )}
    </>
  );
}
