import { useMemo } from 'preact/hooks';
import { choicesOf, NO_FILTER, type Trait } from '../model/filter.ts';
import { Icon } from '../parts/icon.tsx';
import { useStore, useThrottled, useWorld } from '../state/hooks.ts';
import { Choice } from './choice.tsx';

const STATUSES = [
  ['2', '2xx'],
  ['3', '3xx'],
  ['4', '4xx'],
  ['5', '5xx'],
  ['0', 'no answer'],
] as const;
const TRAITS: readonly (readonly [Trait, string, string])[] = [
  ['findings', 'Findings', 'Only exchanges with findings'],
  ['cookies', 'Cookies', 'Only answers that set cookies'],
  ['origins', 'Across origins', 'Only requests across origins, and their preflights'],
  ['errors', 'Errors', 'Only 4xx, 5xx and what failed'],
];

interface FilterBarProps {
  readonly search: { current: HTMLInputElement | null };
  /** Escape or Enter in the field: on to the list. */
  readonly onLeave: () => void;
}

/** Which exchanges the list shows; and pause and clear. */
export function FilterBar({ search, onLeave }: FilterBarProps) {
  const { actions } = useWorld();
  const filter = useStore((state) => state.filter);
  const isPaused = useStore(({ pausedAt }) => pausedAt !== null);
  const rows = useThrottled(
    useStore((state) => state.rows),
    500,
  );
  const methods = useMemo(() => choicesOf(rows, 'method'), [rows]);
  const hosts = useMemo(() => choicesOf(rows, 'host'), [rows]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' && event.key !== 'Enter') return;
    event.preventDefault();
    if (event.key === 'Escape') actions.setFilter({ text: '' });
    onLeave();
  };
  const toggle = (trait: Trait): void => {
    const { traits } = filter;
    const without = traits.filter((each) => each !== trait);
    actions.setFilter({ traits: without.length < traits.length ? without : [...traits, trait] });
  };
  return (
    <div class="toolbar" role="toolbar" aria-label="Filter">
      <label class="search">
        <Icon name="search" />
        <span class="visually-hidden">Filter by text</span>
        <input
          type="search"
          ref={search}
          value={filter.text}
          placeholder="Filter: path, host, status, JD102, -word"
          aria-keyshortcuts="/"
          onInput={(event) => actions.setFilter({ text: event.currentTarget.value })}
          onKeyDown={onKeyDown}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
      <div class="filters">
        <Choice
          label="Method"
          value={filter.method}
          choices={methods.map((method) => [method, method] as const)}
          onChange={(method) => actions.setFilter({ method })}
        />
        <Choice
          label="Status"
          value={filter.status}
          choices={STATUSES}
          onChange={(status) => actions.setFilter({ status })}
        />
        <Choice
          label="Host"
          value={filter.host}
          choices={hosts.map((host) => [host, host] as const)}
          onChange={(host) => actions.setFilter({ host })}
        />
        {TRAITS.map(([trait, label, title]) => (
          <button
            type="button"
            class="toggle"
            key={trait}
            title={title}
            aria-pressed={filter.traits.includes(trait)}
            onClick={() => toggle(trait)}
          >
            {label}
          </button>
        ))}
        {filter !== NO_FILTER && (
          <button type="button" class="quiet" onClick={() => actions.setFilter(NO_FILTER)}>
            Reset
          </button>
        )}
      </div>
      <span class="push">
        <button type="button" class="quiet" aria-pressed={isPaused} onClick={actions.togglePause}>
          <Icon name={isPaused ? 'play' : 'pause'} />
          <span class="word">{isPaused ? 'Resume' : 'Pause'}</span>
        </button>
        <button type="button" class="quiet" onClick={() => void actions.clear('/inspector/exchanges')}>
          <Icon name="trash" />
          <span class="word">Clear</span>
        </button>
      </span>
    </div>
  );
}
