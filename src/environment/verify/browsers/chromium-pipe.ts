import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

export interface ChromiumEvent {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The DevTools protocol over the pipes 3 and 4 (`--remote-debugging-pipe`): nobody else can connect to it. */
export interface ChromiumPipe {
  /** @throws Error with Chromium's words. */
  readonly send: (
    method: string,
    params?: object,
    sessionId?: string,
  ) => Promise<Readonly<Record<string, unknown>>>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** Speaks to a Chromium that was started with both pipes. Once it has ended every question fails. */
export function openChromiumPipe(child: ChildProcess, onEvent: (event: ChromiumEvent) => void): ChromiumPipe {
  const [, , , input, output] = child.stdio as unknown as [null, null, Readable, Writable, Readable];
  const waiting = new Map<
    number,
    { resolve: (result: Record<string, unknown>) => void; reject: (error: Error) => void }
  >();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    for (const { reject } of waiting.values()) reject(new Error('Chromium has ended'));
    waiting.clear();
  };
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (text: string) => {
    // Messages end with a NUL.
    const messages = (rest + text).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) receive(JSON.parse(message) as Message);
  });
  output.once('close', end);
  // Written to as it ended: the questions are told by `end`.
  input.on('error', end);
  let last = 0;

  function receive({ id, method, params = {}, result = {}, error }: Message): void {
    if (id === undefined) {
      if (method !== undefined) onEvent({ method, params });
      return;
    }
    const question = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) question?.resolve(result);
    else question?.reject(new Error(error.message));
  }

  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        if (isOver) {
          reject(new Error('Chromium has ended'));
          return;
        }
        last += 1;
        waiting.set(last, { resolve, reject });
        const session = sessionId === undefined ? {} : { sessionId };
        input.write(`${JSON.stringify({ id: last, method, params, ...session })}\0`);
      }),
  };
}
