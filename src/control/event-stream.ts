import type { ServerResponse } from 'node:http';
import type { EventsAnswer } from './route.ts';

/**
 * What may wait for a client that does not read, beside what the system keeps for it. Ten thousand lines of the
 * inspector's list, which may come at once after a pause, are half of it.
 */
const WAITING_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Server-sent events (HTML, section 9.2), each with JSON as its data; a comment now and then tells both sides that the
 * other one is there. The headers have been written. A client that does not read is cut off: it may come again and ask
 * for what it has missed.
 */
export function sendEvents(
  response: ServerResponse,
  events: EventsAnswer['events'],
  heartbeatMs: number,
): void {
  const write = (text: string): void => {
    if (response.destroyed) return;
    response.write(text);
    if (response.writableLength > WAITING_LIMIT_BYTES) response.destroy();
  };
  response.flushHeaders();
  const heartbeat = setInterval(() => write(':\n\n'), heartbeatMs);
  heartbeat.unref();
  const stop = events((data) => write(`data: ${JSON.stringify(data)}\n\n`));
  response.once('close', () => {
    clearInterval(heartbeat);
    stop();
  });
}
