import type { Endpoint } from '../model/endpoints.ts';

interface EndpointListProps {
  readonly endpoints: readonly Endpoint[];
  readonly selected: Endpoint;
  readonly onSelect: (endpoint: Endpoint) => void;
}

/** The endpoints to choose from; on a phone a select, as a list would push the form out of sight. */
export function EndpointList({ endpoints, selected, onSelect }: EndpointListProps) {
  const choose = (id: string): void => {
    const endpoint = endpoints.find((each) => each.id === id);
    if (endpoint !== undefined) onSelect(endpoint);
  };
  return (
    <nav class="endpoints" aria-label="Endpoints">
      <ul>
        {endpoints.map((endpoint) => (
          <li key={endpoint.id}>
            <button
              type="button"
              aria-current={endpoint === selected ? 'true' : undefined}
              onClick={() => onSelect(endpoint)}
            >
              <span class="method">{endpoint.method}</span>
              {endpoint.title}
            </button>
          </li>
        ))}
      </ul>
      <select
        aria-label="Endpoint"
        value={selected.id}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        {endpoints.map(({ id, method, title }) => (
          <option value={id} key={id}>{`${method} ${title}`}</option>
        ))}
      </select>
    </nav>
  );
}
