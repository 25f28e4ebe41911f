import { VIEWS, type ViewName } from '../model/place.ts';
import { type Tab, Tabs } from '../parts/tabs.tsx';
import { useStore, useWorld } from '../state/hooks.ts';

export const TITLES: Readonly<Record<ViewName, string>> = {
  exchanges: 'Exchanges',
  cookies: 'Cookies',
  findings: 'Findings',
  outbox: 'Outbox',
  users: 'Users',
  try: 'Try it',
};

/** The views of the page. */
export function ViewTabs() {
  const { actions } = useWorld();
  const selected = useStore(({ place }) => place.view);
  const findings = useStore((state) => state.findings.length);
  const tabs = VIEWS.map(
    (id): Tab<ViewName> => ({
      id,
      label: TITLES[id],
      ...(id === 'findings' ? { count: findings, tone: 'bad' } : {}),
    }),
  );
  return (
    <nav class="views" aria-label="Views">
      <Tabs
        name="view"
        label="Views"
        tabs={tabs}
        selected={selected}
        onSelect={(view) => actions.go({ view, exchange: null })}
      />
    </nav>
  );
}
