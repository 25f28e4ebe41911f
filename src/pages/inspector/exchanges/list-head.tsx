const COLUMNS = [
  ['time', 'Time'],
  ['method', 'Method'],
  ['status', 'Status'],
  ['url', 'Host and path'],
  ['marks', 'Verdicts'],
  ['client', 'Client'],
  ['duration', 'Took'],
] as const;

/** The names of the columns; they stay in sight. */
export function ListHead() {
  return (
    <div class="list-head" role="rowgroup">
      <div class="row" role="row" aria-rowindex={1}>
        {COLUMNS.map(([id, label]) => (
          <span class={id} role="columnheader" key={id}>
            {label}
          </span>
        ))}
      </div>
    </div>
  );
}
