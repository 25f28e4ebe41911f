/**
 * Where a key leads in a list: arrows, `j` and `k`, pages, both ends.
 * @param at where one is; -1: nowhere yet.
 * @returns undefined: the key is none of those, or the list is empty.
 */
export function moveBy(key: string, at: number, count: number, pageSize: number): number | undefined {
  if (count === 0) return undefined;
  const last = count - 1;
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return at < 0 ? last : Math.min(last, at + 1);
    case 'ArrowUp':
    case 'k':
      return at < 0 ? last : Math.max(0, at - 1);
    case 'PageDown':
      return Math.min(last, at + pageSize);
    case 'PageUp':
      return Math.max(0, at - pageSize);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
