import type { AuthStore, Mail, MailType } from '../store/types.ts';

export interface OutboxQuery {
  readonly to?: string;
  readonly type?: MailType;
}

const POLL_MS = 100;

/**
 * The messages that match; with `waitMs` it waits that long for the first one. What arrived before the call counts:
 * the mail may be faster than whoever asks for it.
 */
export async function readOutbox(
  store: Pick<AuthStore, 'listMail'>,
  query: OutboxQuery,
  waitMs: number,
  sleep: (ms: number) => Promise<void>,
): Promise<readonly Mail[]> {
  let left = waitMs;
  for (;;) {
    const mails = await store.listMail(query);
    if (mails.length > 0 || left <= 0) return mails;
    await sleep(Math.min(POLL_MS, left));
    left -= POLL_MS;
  }
}
