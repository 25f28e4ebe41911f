import { createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Actions } from './actions.ts';
import type { Api } from './api.ts';
import { type ApiProblem, asProblem } from './api-problem.ts';
import type { State, Store } from './store.ts';

export interface World {
  readonly store: Store;
  readonly api: Api;
  readonly actions: Actions;
}

export const WorldContext = createContext<World | null>(null);

export function useWorld(): World {
  const world = useContext(WorldContext);
  if (world === null) throw new Error('The page has no world around it.');
  return world;
}

/** A part of the state; the component is drawn again when it changes. `select` must answer the same for the same state. */
export function useStore<T>(select: (state: State) => T): T {
  const { store } = useWorld();
  const selected = select(store.get());
  const [, redraw] = useState(0);
  const last = useRef(selected);
  const selector = useRef(select);
  last.current = selected;
  selector.current = select;
  useLayoutEffect(() => {
    const look = (): void => {
      if (!Object.is(selector.current(store.get()), last.current)) redraw((count) => count + 1);
    };
    look();
    return store.subscribe(look);
  }, [store]);
  return selected;
}

export interface Loaded<T> {
  /** What was read last; it stays while it is read again. */
  readonly value: T | undefined;
  readonly problem: ApiProblem | undefined;
  readonly reload: () => void;
}

/** Reads something whenever one of the inputs changes. */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({ value: undefined, problem: undefined });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setState({ value, problem: undefined });
      },
      (cause: unknown) => {
        if (!abort.signal.aborted) setState({ value: undefined, problem: asProblem(cause) });
      },
    );
    return () => abort.abort();
  }, [...inputs, turn]);
  return { ...state, reload: () => setTurn((count) => count + 1) };
}

/** Follows a value that changes often, at most once in `ms`. */
export function useThrottled<T>(value: T, ms: number): T {
  const [shown, setShown] = useState(value);
  const latest = useRef(value);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  latest.current = value;
  useEffect(() => {
    if (Object.is(value, shown) || timer.current !== null) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      setShown(latest.current);
    }, ms);
  }, [value, shown, ms]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  return shown;
}

/** The server's time in milliseconds since 1970; the component is drawn again every second. */
export function useNow(): number {
  const { store } = useWorld();
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now + store.get().clockOffset;
}

/** Size of an element's inside, in pixels, kept up to date. */
export function useSize(element: { readonly current: HTMLElement | null }): {
  width: number;
  height: number;
} {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = (): void => setSize({ width: current.clientWidth, height: current.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return size;
}
