import type { AuthStore, NewMail } from '../store/types.ts';

/** Takes a finished message. Nothing leaves the machine unless a mailer of one's own sends it. */
export type Mailer = (mail: NewMail) => Promise<void>;

/** Newer messages push out the oldest ones: an outbox must not grow for ever. */
export const OUTBOX_SIZE = 1000;

/** The default: messages land in the store's outbox; then it is told. */
export function createOutboxMailer(store: AuthStore, onMail: () => void): Mailer {
  return async (mail) => {
    await store.addMail(mail, OUTBOX_SIZE);
    onMail();
  };
}
