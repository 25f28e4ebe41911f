import type { Downstream } from './downstream.ts';
import { clientAborted } from './failures.ts';
import type { Exchange, Failure, HeaderList } from './types.ts';

/** What becomes known of an exchange while it runs. */
export interface ExchangeRecord {
  hostname: string;
  path: string;
  status: number;
  responseHeaders: HeaderList;
  withheldHeaders: HeaderList;
  upstream: string | null;
  failure: Failure | null;
  refusal: string | null;
  canary: Exchange['canary'];
  /** Both sides talk to each other now; how that ends is no failure of the exchange. */
  upgraded: boolean;
}

export interface ObserveDeps {
  readonly onExchange?: ((exchange: Exchange) => void) | undefined;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Starts the record of an exchange. It goes to the observer when the client's side is over, whatever happened before. */
export function observe(client: Downstream, kind: Exchange['kind'], deps: ObserveDeps): ExchangeRecord {
  const record: ExchangeRecord = {
    hostname: '',
    path: client.target,
    status: 0,
    responseHeaders: [],
    withheldHeaders: [],
    upstream: null,
    failure: null,
    refusal: null,
    canary: 'off',
    upgraded: false,
  };
  const { onExchange } = deps;
  if (onExchange === undefined) return record;
  const startedAt = deps.now();
  const { method, headers, httpVersion } = client;
  client.onClose((complete) => {
    if (!complete && !record.upgraded) record.failure ??= clientAborted();
    const exchange: Exchange = {
      hostname: record.hostname,
      path: record.path,
      status: record.status,
      responseHeaders: record.responseHeaders,
      withheldHeaders: record.withheldHeaders,
      upstream: record.upstream,
      failure: record.failure,
      refusal: record.refusal,
      canary: record.canary,
      id: deps.newId(),
      kind,
      startedAt,
      durationMs: deps.now().getTime() - startedAt.getTime(),
      httpVersion,
      method,
      requestHeaders: headers,
    };
    tellObserver(onExchange, exchange);
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
