import { mayBlockHost, recognizeBlockedHost, SEEN_BYTES, type SeenAnswer } from './blocked-host.ts';
import type { BodyTap } from './forward.ts';
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
  /** What the client did not get of the header section. */
  readonly withheld: HeaderList;
}

export interface UpstreamWatch {
  /** Looks at a header section; gives a function for the body where that is worth a look too. */
  onAnswer(exchange: WatchedExchange, answer: WatchedAnswer): BodyTap | undefined;
  /** Looks at what came in place of an answer to a WebSocket handshake. */
  onUpgradeError(exchange: WatchedExchange, error: Error): void;
}

/** Tells `onNotice` what answers reveal about their upstreams, once for each upstream and code. */
export function createUpstreamWatch(onNotice: (notice: UpstreamNotice) => void): UpstreamWatch {
  const told = new Set<string>();
  const keyOf = (code: UpstreamNotice['code'], upstream: string): string => `${code} ${upstream}`;
  const tell = (notice: UpstreamNotice): void => {
    const key = keyOf(notice.code, notice.upstream);
    if (told.has(key)) return;
    told.add(key);
    try {
      onNotice(notice);
    } catch {
      // The listener's faults are its own: a request that went well must not fail for being watched.
      return;
    }
  };
  const lookForRefusal = ({ target, connections }: WatchedExchange, answer: SeenAnswer): void => {
    const found = recognizeBlockedHost(answer, target.hostname);
    if (found !== undefined) tell(blocksHost(target.hostname, connections.label, found));
  };
  return {
    onAnswer: (exchange, { status, headers, withheld }) => {
      const { hostname, path } = exchange.target;
      const { label } = exchange.connections;
      if (withheld.length > 0) tell(hstsWithheld(hostname, label));
      if (exchange.connections.isOnlyV6()) tell(onlyOnV6(hostname, label));
      if (!mayBlockHost(status, headers) || told.has(keyOf('UPSTREAM_BLOCKS_HOST', label))) return undefined;
      return collectStart((body) => lookForRefusal(exchange, { status, path, body }));
    },
    onUpgradeError: (exchange, error) => {
      // Next.js writes its refusal to the socket without a header section (block-cross-site.ts), which is no HTTP.
      if (!('rawPacket' in error) || !Buffer.isBuffer(error.rawPacket)) return;
      const body = error.rawPacket.toString('latin1', 0, SEEN_BYTES);
      lookForRefusal(exchange, { status: 403, path: exchange.target.path, body });
    },
  };
}

/** Calls back once, with the first bytes of a body. */
function collectStart(done: (text: string) => void): BodyTap {
  let text = '';
  let isDone = false;
  return (chunk) => {
    if (isDone) return;
    if (chunk !== null) text += chunk.toString('latin1', 0, SEEN_BYTES - text.length);
    if (chunk !== null && text.length < SEEN_BYTES) return;
    isDone = true;
    done(text);
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

function hstsWithheld(hostname: string, upstream: string): UpstreamNotice {
  return {
    code: 'HSTS_WITHHELD',
    hostname,
    upstream,
    framework: null,
    message: `${upstream} sends Strict-Transport-Security, which is kept from the browser: it would refuse plain http for ${hostname} long after jwt-dev is gone.`,
    fix: 'Nothing has to be done. To silence this, switch the header off in development (Django: SECURE_HSTS_SECONDS = 0; helmet: strictTransportSecurity: false).',
  };
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
