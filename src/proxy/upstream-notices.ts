import type { StartReader } from './answer-start.ts';
import { mayBlockHost, recognizeBlockedHost, SEEN_BYTES, type SeenAnswer } from './blocked-host.ts';
import { tellObserver } from './observe.ts';
import type { RequestTarget } from './request-target.ts';
import type { HeaderList, UpstreamNotice } from './types.ts';
import type { UpstreamConnections } from './upstreams.ts';

export interface WatchedExchange {
  readonly target: RequestTarget;
  readonly connections: UpstreamConnections;
}

export interface WatchedAnswer {
  readonly status: number;
  readonly headers: HeaderList;
}

export interface UpstreamWatch {
  /** Looks at a header section; gives a reader for the body where that is worth a look too. */
  onAnswer(exchange: WatchedExchange, answer: WatchedAnswer): StartReader | undefined;
  /** Looks at what came in place of an answer to a WebSocket handshake. */
  onUpgradeError(exchange: WatchedExchange, error: Error): void;
}

/** Tells `onNotice` what answers reveal about their upstreams: of each refusal, of an address once for each upstream. */
export function createUpstreamWatch(onNotice: (notice: UpstreamNotice) => void): UpstreamWatch {
  const onlyV6 = new Set<string>();
  const lookForRefusal = ({ target, connections }: WatchedExchange, answer: SeenAnswer): void => {
    const found = recognizeBlockedHost(answer, target.hostname);
    if (found === undefined) return;
    tellObserver(onNotice, blocksHost(target.hostname, connections.label, found));
  };
  return {
    onAnswer: (exchange, { status, headers }) => {
      const { hostname, path } = exchange.target;
      const { label } = exchange.connections;
      if (exchange.connections.isOnlyV6() && !onlyV6.has(label)) {
        onlyV6.add(label);
        tellObserver(onNotice, onlyOnV6(hostname, label));
      }
      if (!mayBlockHost(status, headers)) return undefined;
      return {
        bytes: SEEN_BYTES,
        read: (start) => lookForRefusal(exchange, { status, path, body: start.toString('latin1') }),
      };
    },
    onUpgradeError: (exchange, error) => {
      // Next.js writes its refusal to the socket without a header section (block-cross-site.ts), which is no HTTP.
      if (!('rawPacket' in error) || !Buffer.isBuffer(error.rawPacket)) return;
      const body = error.rawPacket.toString('latin1', 0, SEEN_BYTES);
      lookForRefusal(exchange, { status: 403, path: exchange.target.path, body });
    },
  };
}

function blocksHost(
  hostname: string,
  upstream: string,
  { framework, fix }: { readonly framework: string; readonly fix: string },
): UpstreamNotice {
  const message = `${framework} at ${upstream} refuses requests for ${hostname}.`;
  return { code: 'UPSTREAM_BLOCKS_HOST', hostname, upstream, framework, message, fix };
}

function onlyOnV6(hostname: string, upstream: string): UpstreamNotice {
  return {
    code: 'LOOPBACK_FAMILY',
    hostname,
    upstream,
    framework: null,
    message: `${upstream} answers on ::1 and not on 127.0.0.1. It is used there; programs that dial 127.0.0.1 do not find it.`,
    fix: 'Nothing has to be done. To have both, let the server listen on all loopback addresses (Vite: --host 127.0.0.1).',
  };
}
