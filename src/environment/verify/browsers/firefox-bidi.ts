import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { WebSocket } from 'ws';

/** WebDriver BiDi (w3.org/TR/webdriver-bidi) over the WebSocket that Firefox opens on loopback. */
export interface FirefoxBidi {
  /** @throws Error with Firefox's words. */
  readonly send: (method: string, params?: object) => Promise<Readonly<Record<string, unknown>>>;
}

export interface BidiEvent {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Message {
  readonly type: 'success' | 'error' | 'event';
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly message?: string;
}

/** Connects to a Firefox that was started with `--remote-debugging-port`. Once it has ended every question fails. */
export async function openFirefoxBidi(
  stderr: Readable,
  onEvent: (event: BidiEvent) => void,
): Promise<FirefoxBidi> {
  const address = await listeningAddress(stderr);
  const { WebSocket: Socket } = await import('ws');
  const socket: WebSocket = new Socket(`${address}/session`, { perMessageDeflate: false });
  await once(socket, 'open');
  const waiting = new Map<
    number,
    { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }
  >();
  const end = (): void => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox has ended'));
    waiting.clear();
  };
  socket.on('close', end);
  socket.on('error', end);
  socket.on('message', (data: Buffer) => receive(JSON.parse(data.toString()) as Message));
  let last = 0;

  function receive({ type, id, method, params = {}, result = {}, message = '' }: Message): void {
    if (type === 'event') {
      if (method !== undefined) onEvent({ method, params });
      return;
    }
    const question = waiting.get(id ?? 0);
    waiting.delete(id ?? 0);
    if (type === 'success') question?.resolve(result);
    else question?.reject(new Error(message));
  }

  return {
    send: (method, params = {}) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        socket.send(JSON.stringify({ id: last, method, params }), (error) => {
          if (error) reject(error);
        });
      }),
  };
}

/** Firefox says it on stderr: `WebDriver BiDi listening on ws://127.0.0.1:40123`. */
function listeningAddress(stderr: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    stderr.setEncoding('utf8');
    stderr.on('data', (text: string) => {
      said = (said + text).slice(-10_000);
      const address = /WebDriver BiDi listening on (ws:\/\/[\w.:[\]]+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    stderr.once('close', () => reject(new Error(`Firefox ended at once: ${said.trim().slice(-300)}`)));
  });
}
