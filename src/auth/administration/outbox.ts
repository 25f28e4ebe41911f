import { JwtDevError } from '../../errors.ts';
import type { AuthStore, Mail, MailType } from '../store/types.ts';

export interface OutboxQuery {
  readonly to?: string;
  readonly type?: MailType;
}

const MAIL_TYPES: readonly MailType[] = ['confirm-email', 'reset-password'];

/** @throws JwtDevError ERR_USAGE for a word that is no type of mail. */
export function parseMailType(word: string): MailType {
  const type = MAIL_TYPES.find((known) => known === word);
  if (type !== undefined) return type;
  throw new JwtDevError('ERR_USAGE', `"${word}" is not a type of mail`, {
    hint: `Known are ${MAIL_TYPES.join(' and ')}.`,
  });
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

/** A mail as `--json` and the control server give it. */
export function describeMail({ sentAt, ...mail }: Mail): object {
  return { ...mail, sentAt: new Date(sentAt).toISOString() };
}
