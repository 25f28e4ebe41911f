import type { Api } from '../api.ts';
import type { User } from '../store/types.ts';
import { encodeUserId } from './link-tokens.ts';

/** Sends the mail with the link that verifies a user's address. */
export async function sendConfirmation(api: Pick<Api, MailNeeds>, user: User): Promise<void> {
  const now = api.clock().getTime();
  const key = api.links.confirmKey(user, now);
  const link = `${api.frontendOrigin}/account-confirm-email/${encodeURIComponent(key)}/`;
  await api.mailer({
    to: user.email,
    type: 'confirm-email',
    subject: `[${siteName(api.frontendOrigin)}] Please Confirm Your Email Address`,
    body: `Hello ${user.username},\n\nPlease confirm that this is your e-mail address:\n\n${link}\n`,
    parts: { link, key },
    sentAt: now,
  });
}

/** Sends the mail with the link that sets a new password. */
export async function sendPasswordReset(api: Pick<Api, MailNeeds>, user: User): Promise<void> {
  const now = api.clock().getTime();
  const uid = encodeUserId(user.id);
  const token = api.links.resetToken(user, now);
  const link = `${api.frontendOrigin}/password-reset/confirm/${uid}/${token}/`;
  await api.mailer({
    to: user.email,
    type: 'reset-password',
    subject: `[${siteName(api.frontendOrigin)}] Password Reset Email`,
    body: `Hello ${user.username},\n\nSomebody asked for a new password for your account. Set it here:\n\n${link}\n`,
    parts: { link, uid, token },
    sentAt: now,
  });
}

type MailNeeds = 'clock' | 'links' | 'mailer' | 'frontendOrigin';

function siteName(origin: string): string {
  return new URL(origin).hostname;
}
