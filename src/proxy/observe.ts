import type { Downstream } from './downstream.ts';
import { clientAborted } from './failures.ts';
import type { Exchange } from './types.ts';

/** The exchange while it runs: what becomes known of it is noted here, and the observer gets it when it is over. */
export type ExchangeRecord = { -readonly [Field in keyof Exchange]: Exchange[Field] } & {
  /** Both sides talk to each other now; how that ends is no failure of the exchange. */
  upgraded: boolean;
};

export interface ObserveDeps {
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
  readonly now: () => Date;
  /** Exchanges are many: their ids are told apart, and no secret. */
  readonly nextExchangeId: () => string;
}

/** Starts the record of an exchange. It goes to the observer when the client's side is over, whatever happened before. */
export function observe(client: Downstream, kind: Exchange['kind'], deps: ObserveDeps): ExchangeRecord {
  const record: ExchangeRecord = {
    id: '',
    kind,
    startedAt: deps.now(),
    durationMs: 0,
    httpVersion: client.httpVersion,
    hostname: '',
    method: client.method,
    path: client.target,
    status: 0,
    requestHeaders: client.headers,
    responseHeaders: [],
    withheldHeaders: [],
    upstream: null,
    failure: null,
    refusal: null,
    requestBody: null,
    responseBody: null,
    canary: 'off',
    upgraded: false,
  };
  const { onExchange } = deps;
  if (onExchange === undefined) return record;
  client.onClose((complete) => {
    if (!complete && !record.upgraded) record.failure ??= clientAborted();
    record.id = deps.nextExchangeId();
    record.durationMs = deps.now().getTime() - record.startedAt.getTime();
    tellObserver(onExchange, record);
  });
  return record;
}

/** The observer's faults are its own: a request that went well must not fail for being watched. */
export function tellObserver<Seen>(observer: (seen: Seen) => void, seen: Seen): void {
  try {
    observer(seen);
  } catch {
    // Whatever it was: there is nobody here who could do something about it.
    return;
  }
}
