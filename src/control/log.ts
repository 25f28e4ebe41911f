import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from '../errors.ts';

/** File systems differ in what they report about files that grow; asking works on all of them. */
const POLL_MS = 150;

/**
 * Hands on every line of a log, and as long as `goesOn` says so every line that comes.
 * @returns false where there is no such file.
 */
export async function followLog(
  file: string,
  goesOn: () => Promise<boolean>,
  onLine: (line: string) => void,
): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for (;;) {
      // Asked before reading: what was written before the end is read after it.
      const more = await goesOn();
      for (;;) {
        const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(64 * 1024) });
        if (bytesRead === 0) break;
        const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      }
      if (!more) break;
      await sleep(POLL_MS);
    }
    if (rest !== '') onLine(rest);
    return true;
  } finally {
    await handle.close();
  }
}
