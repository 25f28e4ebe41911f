import { useEffect, useMemo, useRef } from 'preact/hooks';
import { ExchangeDetail } from '../detail/exchange-detail.tsx';
import { filterRows } from '../model/filter.ts';
import { indexOfSeq } from '../model/rows.ts';
import { useStore, useWorld } from '../state/hooks.ts';
import { ExchangeList } from './exchange-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { StatusBar } from './status-bar.tsx';

/** The live list, and beside it (on a phone: instead of it) what is known of one exchange. */
export function ExchangesView() {
  const { actions } = useWorld();
  const rows = useStore((state) => state.rows);
  const pausedAt = useStore((state) => state.pausedAt);
  const filter = useStore((state) => state.filter);
  const openId = useStore(({ place }) => place.exchange);
  const shown = useMemo(() => {
    const seen = pausedAt === null ? rows : rows.slice(0, indexOfSeq(rows, pausedAt + 1));
    return filterRows(seen, filter);
  }, [rows, pausedAt, filter]);
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const open = (id: string): void =>
    actions.go({ view: 'exchanges', exchange: id }, openId === null ? 'push' : 'replace');
  const close = (): void => {
    actions.go({ view: 'exchanges', exchange: null });
    // The list may have been hidden until now.
    requestAnimationFrame(() => list.current?.focus());
  };
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== '/' || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey)
        return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);

  return (
    <div class={openId === null ? 'split' : 'split is-open'}>
      <section class="list-pane" aria-label="Exchanges">
        <FilterBar search={search} onLeave={() => list.current?.focus()} />
        <ExchangeList list={list} rows={shown} openId={openId} onOpen={open} onClose={close} />
        <StatusBar shown={shown.length} waiting={pausedAt === null ? 0 : countBehind(rows, pausedAt)} />
      </section>
      {openId !== null && <ExchangeDetail id={openId} onClose={close} />}
    </div>
  );
}

function countBehind(rows: Parameters<typeof indexOfSeq>[0], seq: number): number {
  return rows.length - indexOfSeq(rows, seq + 1);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select') !== null;
}
