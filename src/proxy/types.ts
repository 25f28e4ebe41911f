import type { Socket } from 'node:net';
import type { JwtDevError } from '../errors.ts';
import type { Run } from '../system/run.ts';
import type { ServerProcess } from '../system/server-process.ts';
import type { CanarySettings } from './canary.ts';
import type { Limits } from './limits.ts';

/**
 * Header fields as they stand on the wire: name, value, name, value, …
 * Order, letter case and repeated names are kept, which an object would lose.
 */
export type HeaderList = readonly string[];

export type Upstream =
  /** A local server, on whichever loopback family it listens. */
  | {
      readonly kind: 'port';
      readonly port: number;
      readonly label: string;
      /** Where the server is a command that runs with us: how it is doing. */
      readonly process?: () => ServerProcess;
    }
  /** An `http:` or `https:` origin; `ca` is PEM that is trusted for it alone. */
  | { readonly kind: 'url'; readonly url: string; readonly ca?: string; readonly label: string };

export interface Route {
  /** Lower-case ASCII, no port, no final dot. */
  readonly hostname: string;
  readonly role: 'frontend' | 'api' | 'extra';
  readonly upstream: Upstream;
  /** Path prefixes with an upstream of their own; they begin with a slash and do not end with one. The longest wins. */
  readonly paths: readonly { readonly prefix: string; readonly upstream: Upstream }[];
  /** A part of every host that is ours, whatever `paths` say. It is no server of the user's: nobody is told about it. */
  readonly own?: { readonly prefix: string; readonly upstream: Upstream };
}

export type FailureCode =
  | 'ERR_BAD_REQUEST'
  | 'ERR_HOST_MISSING'
  | 'ERR_HOST_UNKNOWN'
  | 'ERR_HEADERS_TOO_LARGE'
  | 'ERR_NOT_SUPPORTED'
  | 'ERR_PROXY_LOOP'
  | 'ERR_REQUEST_TIMEOUT'
  | 'ERR_UPSTREAM_UNREACHABLE'
  | 'ERR_UPSTREAM_CLOSED'
  | 'ERR_UPSTREAM_PROTOCOL'
  | 'ERR_UPSTREAM_TLS'
  | 'ERR_UPSTREAM_TIMEOUT'
  | 'ERR_CLIENT_ABORTED'
  | 'ERR_PROXY';

/** Why an exchange did not go through, in words for the user. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly hint: string;
}

/** One request and its answer, handed to the observer once it is over. */
export interface Exchange {
  readonly id: string;
  readonly kind: 'http' | 'websocket';
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly httpVersion: '1.0' | '1.1' | '2.0';
  /** As asked for by the client, also where no route has it; empty where the client named none. */
  readonly hostname: string;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** What the client got; 0 where it left before there was an answer. */
  readonly status: number;
  readonly requestHeaders: HeaderList;
  readonly responseHeaders: HeaderList;
  /** Of the upstream's header section, what the client did not get: Strict-Transport-Security. */
  readonly withheldHeaders: HeaderList;
  /** The label of the upstream, or null where the proxy answered by itself. */
  readonly upstream: string | null;
  readonly failure: Failure | null;
  /** How the upstream's text began where it refused (a status from 400 on), 2 KiB at most; null: none, or compressed. */
  readonly refusal: string | null;
  /** How the request's body began; null: it has none, it is no text, or nobody wants to know (`ProxyDeps.previews`). */
  readonly requestBody: BodyStart | null;
  /** The same of the answer's. */
  readonly responseBody: BodyStart | null;
  /** Whether the client sent the canary cookie; `off`: it is switched off, or no upstream was asked. */
  readonly canary: 'sent' | 'not-sent' | 'off';
}

/** How a body began, as it went over the wire. */
export interface BodyStart {
  /** Content-Encoding in lower case; null: it is not compressed. */
  readonly encoding: string | null;
  /** How many bytes passed: all of the body, where the exchange did not fail. */
  readonly size: number;
  /** How many of them are kept, 16 KiB at most. */
  readonly kept: number;
  /** A copy of those. */
  readonly start: () => Uint8Array;
  /** Lets go of them; the size stays. */
  readonly forget: () => void;
}

/** A TLS handshake that failed: an untrusted CA shows here as the client's alert. */
export interface TlsFailure {
  /** OpenSSL's or Node's code, for example ERR_SSL_TLSV1_ALERT_UNKNOWN_CA. */
  readonly code: string;
  /** The name that the client asked for, where it named one. */
  readonly servername: string | null;
}

export interface TlsMaterial {
  /** PEM. */
  readonly key: string;
  /** PEM: the leaf, then the rest of the chain. */
  readonly cert: string;
}

export interface ProxyDeps {
  readonly tls: TlsMaterial;
  /** The names that the certificate is for; a client that asks for another one (SNI) is refused. */
  readonly hostnames: readonly string[];
  /** IP literals to listen on. */
  readonly addresses: readonly string[];
  /** 0: any free port. */
  readonly httpsPort: number;
  /** Where plain http is redirected from. 0: any free port, null: nowhere. */
  readonly httpPort: number | null;
  /** The https port as clients know it, where that is not the one that is listened on: rootless mode's 443. */
  readonly publicPort?: number;
  /** Who may read the proxy's own answers, for example `https://example.com:8443`. Asked for each of them. */
  readonly frontendOrigin: () => string;
  /**
   * Answers for paths below `/__jwt-dev/` of every host, which never reach an upstream. undefined: there is no such
   * path, and the upstream is asked.
   * @param target path and query as the client sent them.
   */
  readonly answerOwn?: (target: string) => { readonly status: number; readonly body: string } | undefined;
  /** Told about each exchange when it is over. What it throws is lost: it never touches the request. */
  readonly onExchange?: (exchange: Exchange) => void;
  /** Whether an exchange is to get the beginnings of its bodies, where they are text; asked for each. Default: none does. */
  readonly previews?: () => boolean;
  /** What tells requests with credentials from others; undefined: documents get no cookie of ours. */
  readonly canary?: CanarySettings;
  readonly onTlsFailure?: (failure: TlsFailure) => void;
  /** Told what answers reveal about an upstream. What it throws is lost: it never touches the request. */
  readonly onNotice?: (notice: UpstreamNotice) => void;
  readonly now: () => Date;
  /** Unguessable: the nonce of the error page's script. */
  readonly newId: () => string;
  readonly limits?: Partial<Limits>;
  readonly platform: NodeJS.Platform;
  readonly run: Run;
}

/** Something about an upstream that its user should know, seen in passing. Its answers go to the client unchanged. */
export interface UpstreamNotice {
  readonly code: /** A development server refuses requests for our host. */
    | 'UPSTREAM_BLOCKS_HOST'
    /** The upstream answers on ::1, not on 127.0.0.1. Information only. */
    | 'LOOPBACK_FAMILY';
  readonly hostname: string;
  /** The label of the upstream. */
  readonly upstream: string;
  /** Who made the answer, where it is known: `Vite`, `Django`, … */
  readonly framework: string | null;
  readonly message: string;
  readonly fix: string;
}

export type ProxyNotice =
  /** An address that this machine does not have, such as ::1 with IPv6 switched off. */
  | { readonly code: 'ADDRESS_MISSING'; readonly message: string; readonly address: string }
  /** https works, the redirect from plain http does not. */
  | { readonly code: 'HTTP_PORT_UNAVAILABLE'; readonly message: string; readonly error: JwtDevError };

export interface ProxyListening {
  readonly httpsPort: number;
  readonly httpPort: number | null;
  readonly addresses: readonly string[];
  readonly notices: readonly ProxyNotice[];
}

export interface Proxy {
  /** Throws ERR_PORT_IN_USE, ERR_PRIVILEGE_REQUIRED or ERR_LISTEN for the https port; nothing listens then. */
  listen(): Promise<ProxyListening>;
  /** Takes a connection that was accepted elsewhere, as if it had come to the https port or the plain one. */
  adopt(socket: Socket, as: 'https' | 'http'): void;
  /** Takes effect for the next request. Before the first call, requests wait for it. */
  setRoutes(routes: readonly Route[]): void;
  /** Takes effect for the next handshake. */
  setSecureContext(tls: TlsMaterial): void;
  /** Accepts nothing new, ends what is idle, waits for the rest until the deadline, then ends that too. */
  close(deadlineMs: number): Promise<void>;
  /** Ends everything now; a pending `close` is done with it. */
  forceClose(): void;
}
