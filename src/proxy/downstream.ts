import type { Readable } from 'node:stream';
import type { HeaderList } from './types.ts';

/**
 * One client's request and the way back to it: the same for HTTP/1.1 and HTTP/2, so that nothing else asks which it is.
 * Calls after the client has gone do nothing.
 */
export interface Downstream {
  readonly httpVersion: '1.0' | '1.1' | '2.0';
  readonly method: string;
  /** The request target as sent: origin-form, absolute-form or `*`. */
  readonly target: string;
  /** `:authority`, else undefined: the `Host` fields then say it. */
  readonly authority: string | undefined;
  readonly headers: HeaderList;
  /** null: the request has no body. */
  readonly body: Readable | null;
  /** The trailer section that came after the body; known once the body has ended. */
  readonly trailers: HeaderList;
  readonly clientAddress: string;
  /** The port of the proxy that the client reached. */
  readonly port: number;
  readonly answered: boolean;
  readonly closed: boolean;
  /** Sends `100 Continue` where the client waits for it before it sends the body (RFC 9110, section 10.1.1). */
  continue(): void;
  /** Sends an interim answer, such as 103 Early Hints. */
  inform(status: number, headers: HeaderList): void;
  /** Sends the header section. `mayHaveTrailers`: a trailer section may follow the body. Throws for an invalid field. */
  respond(status: number, reason: string, headers: HeaderList, mayHaveTrailers: boolean): void;
  /** false: wait for `onDrain` before more is written. */
  write(chunk: Buffer): boolean;
  onDrain(listener: () => void): void;
  end(trailers: HeaderList): void;
  /** Lets a connection of HTTP/1.1 end with this answer: where the next request would begin is in doubt. */
  endConnection(): void;
  /** Cuts the answer off, visibly for the client: reset stream, closed connection. */
  abort(): void;
  /** Called once, when the answer is completely sent (true) or the client or we gave up before (false). */
  onClose(listener: (complete: boolean) => void): void;
}
