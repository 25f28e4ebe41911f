import { useEffect } from 'preact/hooks';
import { CookiesView } from '../cookies/cookies-view.tsx';
import { ExchangesView } from '../exchanges/exchanges-view.tsx';
import { FindingsView } from '../findings/findings-view.tsx';
import type { ViewName } from '../model/place.ts';
import { OutboxView } from '../outbox/outbox-view.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { TabPanel } from '../parts/tabs.tsx';
import { useStore, useWorld } from '../state/hooks.ts';
import { TryView } from '../try/try-view.tsx';
import { UsersView } from '../users/users-view.tsx';
import { ConnectionNote } from './connection-note.tsx';
import { Header } from './header.tsx';
import { TITLES, ViewTabs } from './view-tabs.tsx';

const VIEWS: Readonly<Record<ViewName, () => preact.JSX.Element>> = {
  exchanges: ExchangesView,
  cookies: CookiesView,
  findings: FindingsView,
  outbox: OutboxView,
  users: UsersView,
  try: TryView,
};

/** The whole page. */
export function App() {
  const { actions } = useWorld();
  const view = useStore(({ place }) => place.view);
  const problem = useStore((state) => state.problem);
  const frontend = useStore(({ overview }) => overview?.frontend);
  const View = VIEWS[view];
  useEffect(() => {
    const site = frontend === undefined ? '' : ` of ${new URL(frontend).host}`;
    document.title = `${TITLES[view]}${site} - jwt-dev inspector`;
  }, [view, frontend]);
  return (
    <>
      <Header />
      <ViewTabs />
      <main>
        <ConnectionNote />
        {problem !== null && <ProblemNote problem={problem} onClose={actions.putProblemAway} />}
        <TabPanel name="view" selected={view} class="view">
          <View />
        </TabPanel>
      </main>
    </>
  );
}
