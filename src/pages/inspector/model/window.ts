/** The lines of a long list that are worth drawing: from `start` up to, but without, `end`. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

export interface Viewport {
  /** How far the list is scrolled, how high its visible part and each line is: in pixels. */
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly count: number;
}

/** Lines beyond the edges, so that quick scrolling shows no gaps. */
const OVERSCAN = 8;
/** The window moves in steps, so that most scroll events change nothing. */
const STEP = 4;

export function windowOf({ scrollTop, height, rowHeight, count }: Viewport): Window {
  const first = Math.floor(scrollTop / rowHeight) - OVERSCAN;
  const last = Math.ceil((scrollTop + height) / rowHeight) + OVERSCAN;
  const start = Math.floor(Math.max(0, Math.min(first, count)) / STEP) * STEP;
  const end = Math.min(count, Math.ceil(Math.max(0, last) / STEP) * STEP);
  return { start: Math.min(start, end), end };
}

/** Where to scroll so that a line is wholly visible; as little as possible. */
export function scrollTo(index: number, { scrollTop, height, rowHeight }: Omit<Viewport, 'count'>): number {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + rowHeight - height);
}

export function isAtEnd({ scrollTop, height, rowHeight, count }: Viewport): boolean {
  return scrollTop + height >= count * rowHeight - rowHeight;
}
