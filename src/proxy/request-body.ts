import { Readable } from 'node:stream';
import { countBodyBytes } from './body-meter.ts';
import type { BodyPreview } from './body-preview.ts';

export interface RequestBodyOptions {
  /** Silence of the client while the upstream waits for more, in milliseconds. */
  readonly idleTimeoutMs: number;
  readonly onIdle: () => void;
  /** Sees the body pass. */
  readonly preview?: BodyPreview | undefined;
}

/**
 * The body of a client's request as a stream of its own, with the same back-pressure. An upstream client destroys the body
 * it was given when it fails; were that the request itself, its connection would die with it, and with that
 * the answer that says what failed.
 */
export function relayRequestBody(source: Readable, options: RequestBodyOptions): Readable {
  let timer: NodeJS.Timeout | undefined;
  const { preview } = options;
  const stopWaiting = (): void => clearTimeout(timer);
  const relay = new Readable({
    read: () => {
      if (timer === undefined) timer = setTimeout(options.onIdle, options.idleTimeoutMs);
      else timer.refresh();
      source.resume();
    },
    destroy: (error, callback) => {
      stopWaiting();
      source.off('data', onChunk);
      source.off('end', onEnd);
      source.off('close', onClose);
      callback(error);
    },
  });
  const onChunk = (chunk: Buffer): void => {
    countBodyBytes(chunk.length);
    preview?.see(chunk);
    if (relay.push(chunk)) {
      timer?.refresh();
    } else {
      stopWaiting();
      timer = undefined;
      source.pause();
    }
  };
  const onEnd = (): void => {
    stopWaiting();
    relay.push(null);
  };
  const onClose = (): void => {
    // Without an end before it: the client broke off in the middle.
    if (!relay.readableEnded) relay.destroy(new Error('The client left before its request was complete.'));
  };
  // Its user stops listening when the exchange is over, which the client may leave only after.
  relay.on('error', () => stopWaiting());
  source.on('data', onChunk);
  source.on('end', onEnd);
  source.on('close', onClose);
  source.pause();
  return relay;
}
