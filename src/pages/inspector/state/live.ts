import { ATTEMPTS_UNTIL_ENDED, backOff } from '../model/back-off.ts';
import { mergeFinding } from '../model/findings.ts';
import { markRows, mergeRows, unmarkRows } from '../model/rows.ts';
import type { ExchangeRow, InspectorEvent, Overview } from '../shapes.ts';
import type { Api } from './api.ts';
import { type ApiProblem, asProblem } from './api-problem.ts';
import type { Store } from './store.ts';

/** Keeps the store as the environment is, and connects again whenever the connection ends. */
export async function keepLive(store: Store, api: Api): Promise<void> {
  let failures = 0;
  for (;;) {
    const problem = await stayConnected(store, api, () => {
      failures = 0;
    });
    if (problem.status === 401 || problem.status === 403) {
      store.set({ connection: { kind: 'refused', problem } });
      return;
    }
    failures += 1;
    const pause = backOff(failures);
    const hasEnded = failures > ATTEMPTS_UNTIL_ENDED;
    store.set({
      connection: hasEnded ? { kind: 'ended' } : { kind: 'reconnecting', retryAt: Date.now() + pause },
    });
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** @returns why the connection ended. */
async function stayConnected(store: Store, api: Api, onLive: () => void): Promise<ApiProblem> {
  const gather = createGatherer(store);
  const abort = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      const askForFindings = createFindingsReader(store, api);
      // Asked for beside the events; what comes after its counts comes by them.
      const overview = api.overview();
      overview.catch(reject);
      const onOpen = (): void => {
        onLive();
        readEverything(overview, { store, api, gather }).catch(reject);
      };
      const onEvent = (event: InspectorEvent): void => {
        apply(event, store, gather);
        if (event.type === 'exchanges') askForFindings();
      };
      api.events(onOpen, onEvent, abort.signal).then(resolve, reject);
    });
    return asProblem(undefined);
  } catch (cause) {
    return asProblem(cause);
  } finally {
    abort.abort();
  }
}

const FINDINGS_PACE_MS = 500;

/**
 * The environment looks for findings when it has time; whoever asks gets those of all that has passed. So while somebody
 * looks at the page, it asks whenever something came.
 */
function createFindingsReader(store: Store, api: Api): () => void {
  let isWaiting = false;
  const read = async (): Promise<void> => {
    isWaiting = false;
    try {
      await readFindings(store, api);
    } catch (cause) {
      // Where there is no answer, the event stream ends as well, and that is said.
      const problem = asProblem(cause);
      if (problem.status !== 0) store.set({ problem });
    }
  };
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => void read(), FINDINGS_PACE_MS);
  };
}

/** Takes rows from both the stream and the pages that are read meanwhile. */
interface Gatherer {
  readonly add: (rows: readonly ExchangeRow[]) => void;
  readonly clear: () => void;
}

function createGatherer(store: Store): Gatherer {
  // After a reconnection the old rows stay until new ones are there: the environment may have forgotten some.
  let isFresh = false;
  return {
    add: (rows) => {
      const { overview } = store.get();
      const known = isFresh ? store.get().rows : [];
      isFresh = true;
      store.set({ rows: mergeRows(known, rows, overview?.capacity ?? Number.POSITIVE_INFINITY) });
    },
    clear: () => {
      isFresh = true;
      store.set({ rows: [], dropped: 0, missed: 0, cursor: null, pausedAt: null });
    },
  };
}

/** How many exchanges are read at once. */
const PAGE = 1000;
/** Of those that come first. */
const FIRST = 100;

async function readEverything(
  asked: Promise<Overview>,
  { store, api, gather }: { readonly store: Store; readonly api: Api; readonly gather: Gatherer },
): Promise<void> {
  const overview = await asked;
  const { dropped, missed } = overview;
  const clockOffset = Date.parse(overview.now) - Date.now();
  store.set({ overview, clockOffset, connection: { kind: 'live' }, dropped, missed });
  const newest = Math.max(0, overview.last - FIRST);
  const readFirst = async (after: number): Promise<void> => {
    gather.add((await api.exchanges(after, FIRST)).exchanges);
  };
  // The list stands at its end. Where nobody has looked yet, the oldest rows are made first, and stand there meanwhile.
  if (overview.looked < newest) await readFirst(0);
  await readFirst(newest);
  await Promise.all([readRows(store, api, gather), readFindings(store, api)]);
}

async function readRows(store: Store, api: Api, gather: Gatherer): Promise<void> {
  for (let after = 0; ; ) {
    const { exchanges, last, dropped, missed } = await api.exchanges(after, PAGE);
    if (exchanges.length === 0) break;
    gather.add(exchanges);
    store.set({ dropped, missed });
    after = last;
  }
  store.set({ isRead: true });
}

async function readFindings(store: Store, api: Api): Promise<void> {
  store.set({ findings: await api.findings() });
}

function apply(event: InspectorEvent, store: Store, gather: Gatherer): void {
  switch (event.type) {
    case 'exchanges':
      gather.add(event.exchanges);
      store.set({ dropped: event.dropped, missed: event.missed });
      return;
    case 'finding':
      store.set({
        findings: mergeFinding(store.get().findings, event.finding),
        rows: markRows(store.get().rows, event.finding),
      });
      return;
    case 'mail':
      store.set({ mailNumber: store.get().mailNumber + 1 });
      return;
    case 'cleared':
      gather.clear();
      return;
    case 'findings-cleared':
      store.set({ findings: [], rows: unmarkRows(store.get().rows) });
      return;
  }
}
