import { isFiltering, NO_FILTER } from '../model/filter.ts';
import { Empty } from '../parts/empty.tsx';
import { useStore, useWorld } from '../state/hooks.ts';

/** Why the list is empty. */
export function NoExchanges() {
  const { actions } = useWorld();
  const hasFilter = useStore(({ filter, rows }) => isFiltering(filter) && rows.length > 0);
  const frontend = useStore(({ overview }) => overview?.frontend);
  const isRead = useStore((state) => state.isRead);
  const isRefused = useStore(({ connection }) => connection.kind === 'refused');
  if (hasFilter) {
    return (
      <Empty title="No exchange passes the filter">
        <button type="button" onClick={() => actions.setFilter(NO_FILTER)}>
          Reset the filter
        </button>
      </Empty>
    );
  }
  if (!isRead) return <Empty title={isRefused ? 'Nothing can be read' : 'Reading'} />;
  return (
    <Empty title="No exchanges yet">
      Open{' '}
      {frontend !== undefined && (
        <a href={frontend} target="_blank" rel="noopener noreferrer">
          {frontend}
        </a>
      )}{' '}
      or ask the API from any client: what passes through shows up here.
    </Empty>
  );
}
