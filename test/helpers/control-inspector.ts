import type { Inspector } from '../../src/environment/inspector/inspector.ts';

export interface StandIn {
  readonly inspector: Inspector;
  /** What was asked of it, in order. */
  readonly asked: readonly string[];
  readonly send: (event: Parameters<Parameters<Inspector['subscribe']>[0]>[0]) => void;
}

/** An inspector that has seen what the given text says, wherever it is asked. */
export function standInInspector(mark: string): StandIn {
  const asked: string[] = [];
  const listeners = new Set<Parameters<Inspector['subscribe']>[0]>();
  const note = <T>(what: string, answer: T): T => {
    asked.push(what);
    return answer;
  };
  const inspector: Inspector = {
    isRecording: () => true,
    onExchange: () => undefined,
    onOther: () => undefined,
    onFinding: () => undefined,
    onMail: () => note('mail', undefined),
    page: async (after, limit) =>
      note(`page ${after} ${limit}`, {
        exchanges: [{ path: mark } as never],
        last: after,
        kept: 1,
        dropped: 0,
        missed: 0,
      }),
    detail: async (id, { reveal }) =>
      note(`detail ${id} ${reveal}`, id === 'x1' ? ({ id, url: mark } as never) : undefined),
    jars: async ({ reveal }) => note(`jars ${reveal}`, [{ client: mark, cookies: [] }]),
    counts: () => note('counts', { capacity: 10, kept: 1, dropped: 0, missed: 0, last: 1, looked: 1 }),
    clear: () => note('clear', undefined),
    clearFindings: () => note('clear findings', undefined),
    subscribe: (listener) => {
      listeners.add(listener);
      return note('subscribe', () => void listeners.delete(listener));
    },
    close: () => undefined,
  };
  return {
    inspector,
    asked,
    send: (event) => {
      for (const listener of listeners) listener(event);
    },
  };
}
