import { useEffect, useState } from 'preact/hooks';
import { Empty } from '../parts/empty.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { TabPanel, Tabs } from '../parts/tabs.tsx';
import { useLoaded, useStore, useWorld } from '../state/hooks.ts';
import { DetailHead } from './detail-head.tsx';
import { DetailPart } from './detail-part.tsx';
import { type DetailTab, detailTabs } from './detail-tabs.ts';

interface ExchangeDetailProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** All that is known of one exchange. Secrets come from the server only when somebody asks for them. */
export function ExchangeDetail({ id, onClose }: ExchangeDetailProps) {
  const { api } = useWorld();
  const [tab, setTab] = useState<DetailTab>('overview');
  const [revealed, setRevealed] = useState<string | null>(null);
  const reveal = revealed === id;
  // A finding may come after its exchange.
  const findings = useStore(({ rows }) => rows.find((row) => row.id === id)?.findings.length ?? 0);
  const { value, problem, reload } = useLoaded(
    (signal) => api.exchange(id, reveal, signal),
    [id, reveal, findings],
  );
  useEffect(() => setRevealed(null), [id]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
  };
  const detail = value?.id === id ? value : undefined;
  return (
    <section class="detail-pane" aria-label="Exchange" onKeyDown={onKeyDown}>
      <DetailHead
        detail={detail}
        isRevealed={reveal}
        onReveal={(isOn) => setRevealed(isOn ? id : null)}
        onClose={onClose}
      />
      {problem !== undefined && <ProblemNote problem={problem} onRetry={reload} />}
      {detail === undefined ? (
        problem === undefined && <Empty title="Reading" />
      ) : (
        <>
          <Tabs
            name="detail"
            label="Parts of the exchange"
            tabs={detailTabs(detail)}
            selected={tab}
            onSelect={setTab}
          />
          <TabPanel name="detail" selected={tab} class="detail-part">
            <DetailPart tab={tab} detail={detail} />
          </TabPanel>
        </>
      )}
    </section>
  );
}
