import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { buildConnector, Pool } from 'undici';
import { type AnswerDeadline, createAnswerDeadline } from './answer-deadline.ts';
import type { Limits } from './limits.ts';
import { createLoopback } from './loopback.ts';
import type { Upstream } from './types.ts';

/** The connections to one upstream. */
export interface UpstreamConnections {
  readonly label: string;
  /** For requests: keep-alive. */
  readonly pool: Pool;
  /** For requests without a body. Those with one have the pool's. */
  readonly answerDeadline: AnswerDeadline;
  /** For upgrades: one connection each. */
  readonly agent: http.Agent;
  readonly origin: URL;
  /** What TLS asks the upstream for; undefined: no TLS, or an address, which is no server name. */
  readonly servername: string | undefined;
  /** What was learnt of the server. `sendsContinue`: also to requests that did not ask, which undici does not take. */
  readonly quirks: { sendsContinue: boolean };
  /** Tell it which address an upgrade's connection came to. */
  remember(address: string | undefined): void;
  /** It is on this machine and answers on ::1, not on 127.0.0.1. */
  isOnlyV6(): boolean;
  close(): Promise<void>;
  destroy(): Promise<void>;
}

export function connectUpstream(upstream: Upstream, limits: Limits): UpstreamConnections {
  const origin = new URL(upstream.kind === 'port' ? `http://localhost:${upstream.port}` : upstream.url);
  const secure = origin.protocol === 'https:';
  const hostname = origin.hostname.replace(/^\[(.*)\]$/, '$1');
  const servername = secure && net.isIP(hostname) === 0 ? hostname : undefined;
  const loopback = hostname === 'localhost' || hostname.endsWith('.localhost') ? createLoopback() : undefined;
  const dial = {
    autoSelectFamily: true,
    // A local port that nobody has refuses at once, and only then the other family is tried. After Node's 250 ms it would be
    // tried as well, and fail, whenever many connections at once keep this process busy for as long.
    ...(loopback === undefined
      ? {}
      : { lookup: loopback.lookup, autoSelectFamilyAttemptTimeout: limits.connectTimeoutMs }),
    ...(upstream.kind === 'url' && upstream.ca !== undefined ? { ca: upstream.ca } : {}),
    ...(servername === undefined ? {} : { servername }),
  };
  const connect = buildConnector({ timeout: limits.connectTimeoutMs, allowH2: false, ...dial });
  const pool = new Pool(origin.origin, {
    pipelining: 1,
    keepAliveTimeout: limits.upstreamIdleTimeoutMs,
    headersTimeout: limits.upstreamHeadersTimeoutMs,
    // An event stream may be silent for as long as it likes.
    bodyTimeout: 0,
    maxHeaderSize: limits.headerBytes,
    connect: (target, callback) => {
      connect(target, (...outcome) => {
        loopback?.remember(outcome[1]?.remoteAddress);
        callback(...outcome);
      });
    },
  });
  const agent = secure
    ? new https.Agent({ keepAlive: false, ...dial })
    : new http.Agent({ keepAlive: false, ...dial });
  return {
    label: upstream.label,
    pool,
    answerDeadline: createAnswerDeadline(limits.upstreamHeadersTimeoutMs),
    agent,
    origin,
    servername,
    quirks: { sendsContinue: false },
    remember: (address) => loopback?.remember(address),
    isOnlyV6: () => loopback?.isOnlyV6() ?? false,
    close: async () => {
      agent.destroy();
      await pool.close();
    },
    destroy: async () => {
      agent.destroy();
      await pool.destroy();
    },
  };
}
