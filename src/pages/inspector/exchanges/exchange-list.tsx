import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import type { ExchangeRow } from '../shapes.ts';
import { useStore, useWorld } from '../state/hooks.ts';
import { ExchangeLine } from './exchange-line.tsx';
import { ListHead } from './list-head.tsx';
import { moveBy } from './move-by.ts';
import { NoExchanges } from './no-exchanges.tsx';
import { useVirtualRows } from './use-virtual-rows.ts';

interface ExchangeListProps {
  readonly list: { current: HTMLDivElement | null };
  readonly rows: readonly ExchangeRow[];
  readonly openId: string | null;
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
}

/** The exchanges, oldest first; only the lines that can be seen are in the document. */
export function ExchangeList({ list, rows, openId, onOpen, onClose }: ExchangeListProps) {
  const { actions } = useWorld();
  const cursor = useStore((state) => state.cursor);
  const isRead = useStore((state) => state.isRead);
  const at = useRef(-1);
  const virtual = useVirtualRows(list, rows);
  const { start, end, rowHeight, isNarrow } = virtual;
  at.current = cursor === null ? -1 : rows.findIndex(({ id }) => id === cursor);

  // A link led to it, or the list is narrower than before.
  useLayoutEffect(() => {
    const opened = openId === null ? -1 : rows.findIndex(({ id }) => id === openId);
    if (opened >= 0) virtual.show(opened);
  }, [openId, isRead, rowHeight]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && openId !== null) onClose();
    else if (event.key === 'Enter' && cursor !== null) onOpen(cursor);
    else {
      const to = moveBy(event.key, at.current, rows.length, virtual.pageSize);
      const row = to === undefined ? undefined : rows[to];
      if (to === undefined || row === undefined) return;
      actions.moveCursor(row.id);
      virtual.show(to);
      if (openId !== null) onOpen(row.id);
    }
    event.preventDefault();
  };
  const onClick = (event: MouseEvent): void => {
    const row = (event.target as Element).closest<HTMLElement>('[data-id]');
    const id = row?.dataset['id'];
    if (id === undefined) return;
    actions.moveCursor(id);
    onOpen(id);
  };
  const isDrawn = at.current >= start && at.current < end;
  return (
    <div class={isNarrow ? 'list-frame is-narrow' : 'list-frame'}>
      <div
        class="list"
        ref={list}
        role="grid"
        tabIndex={0}
        aria-label="Exchanges"
        aria-rowcount={rows.length + 1}
        aria-activedescendant={isDrawn ? `row-${cursor}` : undefined}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onScroll={virtual.onScroll}
      >
        <ListHead />
        <div class="lines" role="rowgroup" style={{ height: `${rows.length * rowHeight}px` }}>
          <div class="drawn" role="presentation" style={{ transform: `translateY(${start * rowHeight}px)` }}>
            {rows.slice(start, end).map((row, index) => (
              <ExchangeLine
                key={row.seq}
                row={row}
                index={start + index}
                isCursor={row.id === cursor}
                isOpen={row.id === openId}
              />
            ))}
          </div>
        </div>
      </div>
      {rows.length === 0 && <NoExchanges />}
      {!virtual.isFollowing && rows.length > 0 && (
        <button type="button" class="to-end" onClick={virtual.toEnd}>
          <Icon name="down" />
          Newest
        </button>
      )}
    </div>
  );
}
