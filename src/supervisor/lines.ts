import { StringDecoder } from 'node:string_decoder';

/** What of a line is kept. Longer ones are data, not messages. Characters. */
export const LINE_LIMIT = 2_000;

export interface LineSplitter {
  readonly push: (chunk: Uint8Array) => void;
  /** The output is over: what is left without a line end is a line too. */
  readonly end: () => void;
}

/**
 * Turns bytes in pieces of any size into lines. Invalid UTF-8 becomes U+FFFD. A lone carriage return begins the line
 * anew, as terminals show it (progress bars). Of a line that is longer than the limit, the rest is counted and dropped.
 */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let line = '';
  let dropped = 0;
  /** A carriage return was last: a line feed after it belongs to it. */
  let returned = false;

  const restart = (): void => {
    line = '';
    dropped = 0;
    returned = false;
  };
  const finish = (): void => {
    onLine(dropped === 0 ? line : `${line}… (${dropped} more characters)`);
    restart();
  };
  const append = (text: string): void => {
    if (text === '') return;
    if (returned) restart();
    const room = Math.max(0, LINE_LIMIT - line.length);
    line += text.slice(0, room);
    dropped += Math.max(0, text.length - room);
  };
  const take = (text: string): void => {
    let from = 0;
    for (const { 0: separator, index } of text.matchAll(/[\r\n]/g)) {
      append(text.slice(from, index));
      from = index + 1;
      if (separator === '\n') finish();
      else returned = true;
    }
    append(text.slice(from));
  };
  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (line !== '') finish();
    },
  };
}
