import { countOf, formatCount } from '../model/format.ts';
import { useStore } from '../state/hooks.ts';

interface StatusBarProps {
  readonly shown: number;
  /** Came since the list was paused. */
  readonly waiting: number;
}

/** How much there is, and which keys help. */
export function StatusBar({ shown, waiting }: StatusBarProps) {
  const count = useStore(({ rows }) => rows.length);
  const dropped = useStore((state) => state.dropped);
  const missed = useStore((state) => state.missed);
  return (
    <div class="status-bar">
      <span role="status">
        {shown < count - waiting
          ? `${formatCount(shown)} of ${countOf(count, 'exchange')}`
          : countOf(count - waiting, 'exchange')}
        {waiting > 0 && `, paused: ${formatCount(waiting)} more`}
        {dropped > 0 && `, ${formatCount(dropped)} older ones let go of`}
        {missed > 0 && `, ${formatCount(missed)} came too fast to be kept`}
      </span>
      <span class="keys" aria-hidden="true">
        <kbd>j</kbd> <kbd>k</kbd> move <kbd>Enter</kbd> open <kbd>Esc</kbd> close <kbd>/</kbd> filter
      </span>
    </div>
  );
}
