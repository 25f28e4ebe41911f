import type { ComponentChildren } from 'preact';
import { writePlace } from '../model/place.ts';
import { useStore, useWorld } from '../state/hooks.ts';

interface ExchangeLinkProps {
  readonly id: string;
  readonly children?: ComponentChildren;
}

/** Leads to the details of an exchange; says which one it is where it is still in the list. */
export function ExchangeLink({ id, children }: ExchangeLinkProps) {
  const { actions } = useWorld();
  const row = useStore(({ rows }) => rows.find((each) => each.id === id));
  const place = { view: 'exchanges', exchange: id } as const;
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    actions.go(place);
  };
  return (
    <a class="exchange-link" href={writePlace(place)} onClick={open}>
      {children ??
        (row === undefined
          ? id
          : `${row.method} ${row.path.split('?')[0]} ${row.status === 0 ? 'no answer' : row.status}`)}
    </a>
  );
}
