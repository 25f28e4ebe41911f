import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { indexOfSeq } from '../model/rows.ts';
import { isAtEnd, scrollTo, type Viewport, type Window, windowOf } from '../model/window.ts';
import type { ExchangeRow } from '../shapes.ts';
import { useSize } from '../state/hooks.ts';

/** Below this width (pixels) a row takes two lines. */
const NARROW = 780;
/** As inspector.css has them, in pixels. */
const ROW_HEIGHT = 27;
const NARROW_ROW_HEIGHT = 48;
const HEAD_HEIGHT = 27;

export interface VirtualRows extends Window {
  readonly rowHeight: number;
  readonly isNarrow: boolean;
  /** How many lines are visible at once. */
  readonly pageSize: number;
  /** New rows scroll into sight. */
  readonly isFollowing: boolean;
  readonly onScroll: () => void;
  readonly show: (index: number) => void;
  readonly toEnd: () => void;
}

/**
 * Which lines of the list to draw. At the end it follows what comes; anywhere else what is visible stays where it is,
 * whatever is added at the end, let go of at the beginning, or filtered out.
 */
export function useVirtualRows(
  list: { readonly current: HTMLElement | null },
  rows: readonly ExchangeRow[],
): VirtualRows {
  const size = useSize(list);
  const isNarrow = size.width > 0 && size.width < NARROW;
  const rowHeight = isNarrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
  const height = Math.max(0, size.height - (isNarrow ? 0 : HEAD_HEIGHT));
  const [window, setWindow] = useState<Window>({ start: 0, end: 0 });
  const [isFollowing, setFollowing] = useState(true);
  /** The first visible row and how much of it is scrolled out of sight. */
  const anchor = useRef({ seq: -1, hidden: 0 });

  const look = (): void => {
    const scrollTop = list.current?.scrollTop ?? 0;
    const viewport: Viewport = { scrollTop, height, rowHeight, count: rows.length };
    const next = windowOf(viewport);
    setWindow((known) => (known.start === next.start && known.end === next.end ? known : next));
    setFollowing(isAtEnd(viewport));
    const first = Math.floor(scrollTop / rowHeight);
    anchor.current = { seq: rows[first]?.seq ?? -1, hidden: scrollTop - first * rowHeight };
  };
  const scroll = (scrollTop: number): void => {
    if (list.current !== null && list.current.scrollTop !== scrollTop) list.current.scrollTop = scrollTop;
    look();
  };
  useLayoutEffect(() => {
    const { seq, hidden } = anchor.current;
    if (isFollowing || seq < 0) scroll(Math.max(0, rows.length * rowHeight - height));
    else scroll(indexOfSeq(rows, seq) * rowHeight + hidden);
  }, [rows, rowHeight, height]);

  // What was cleared or filtered since is not drawn any more.
  const end = Math.min(window.end, rows.length);
  return {
    start: Math.min(window.start, end),
    end,
    rowHeight,
    isNarrow,
    pageSize: Math.max(1, Math.floor(height / rowHeight) - 1),
    isFollowing,
    onScroll: look,
    show: (index) => scroll(scrollTo(index, { scrollTop: list.current?.scrollTop ?? 0, height, rowHeight })),
    toEnd: () => scroll(Math.max(0, rows.length * rowHeight - height)),
  };
}
