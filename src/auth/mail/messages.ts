import type { Api } from '../api.ts';
import type { User } from '../store/types.ts';
import { encodeUserId } from './link-tokens.ts';

/** Sends the mail with the link that verifies a user's address. */
export async function sendConfirmation(api: Pick<Api, MailNeeds>, user: User): Promise<void> {
  const now = api.clock().getTime();
  const key = api.links.confirmKey(user, now);
  const link = confirmLink(api, key);
  await api.mailer({
    to: user.email,
    type: 'confirm-email',
    subject: `[${siteName(api.frontendOrigin)}] Please Confirm Your Email Address`,
    body: `Hello ${user.username},\n\nPlease confirm that this is your e-mail address:\n\n${link}\n`,
    parts: { link, key },
    sentAt: now,
  });
}

/** The page of the frontend that takes the key. */
export function confirmLink(api: Pick<Api, MailNeeds>, key: string): string {
  return fillLink(api.config.mailLinks.confirmEmail, { origin: api.frontendOrigin, key });
}

/** Sends the mail with the link that sets a new password. */
export async function sendPasswordReset(api: Pick<Api, MailNeeds>, user: User): Promise<void> {
  const now = api.clock().getTime();
  const uid = encodeUserId(user.id);
  const token = api.links.resetToken(user, now);
  const link = fillLink(api.config.mailLinks.resetPassword, { origin: api.frontendOrigin, uid, token });
  await api.mailer({
    to: user.email,
    type: 'reset-password',
    subject: `[${siteName(api.frontendOrigin)}] Password Reset Email`,
    body: `Hello ${user.username},\n\nSomebody asked for a new password for your account. Set it here:\n\n${link}\n`,
    parts: { link, uid, token },
    sentAt: now,
  });
}

type MailNeeds = 'clock' | 'config' | 'links' | 'mailer' | 'frontendOrigin';

/** Fills `{key}` and the like; every part but the origin is escaped. */
function fillLink(template: string, parts: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = parts[name];
    if (value === undefined) return whole;
    return name === 'origin' ? value : encodeURIComponent(value);
  });
}

function siteName(origin: string): string {
  return new URL(origin).hostname;
}
