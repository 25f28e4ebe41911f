import { createHmac, timingSafeEqual } from 'node:crypto';
import type { User } from '../store/types.ts';

/** allauth's and Django's own: three days. */
export const LINK_LIFETIME_MS = 3 * 24 * 60 * 60 * 1000;

export interface LinkSigner {
  /** For the confirmation link: it ends with the address it was made for. */
  readonly confirmKey: (user: User, now: number) => string;
  /** The id of the user whose address the key confirms; undefined: not a key of ours, or too old. */
  readonly readConfirmKey: (
    key: string,
    now: number,
  ) => { readonly userId: number; readonly emailMark: string } | undefined;
  readonly emailMark: (email: string) => string;
  /** Ends with the next login, password or address of the user: they are part of what is signed. */
  readonly resetToken: (user: User, now: number) => string;
  readonly checkResetToken: (user: User, token: string, now: number) => boolean;
}

/** Stateless link tokens, HMAC-SHA256 with one secret and a purpose each. Times are in base 36, as Django's are. */
export function createLinkSigner(secret: Buffer): LinkSigner {
  const mac = (purpose: string, ...parts: readonly (string | number | null)[]): string =>
    createHmac('sha256', secret)
      .update(JSON.stringify([purpose, ...parts]))
      .digest('base64url');
  const emailMark = (email: string): string => mac('email', email).slice(0, 16);
  const resetMac = (user: User, stamp: string): string =>
    mac('reset-password', stamp, user.id, user.passwordHash, user.lastLoginAt, user.email);

  return {
    emailMark,
    confirmKey: (user, now) => {
      const text = [user.id.toString(36), now.toString(36), emailMark(user.email)].join(':');
      return `${text}:${mac('confirm-email', text)}`;
    },
    readConfirmKey: (key, now) => {
      const [id = '', stamp = '', mark = '', signature = '', ...rest] = key.split(':');
      if (rest.length > 0 || !isEqual(signature, mac('confirm-email', [id, stamp, mark].join(':'))))
        return undefined;
      if (!isFresh(stamp, now)) return undefined;
      return { userId: Number.parseInt(id, 36), emailMark: mark };
    },
    resetToken: (user, now) => {
      const stamp = now.toString(36);
      return `${stamp}-${resetMac(user, stamp)}`;
    },
    checkResetToken: (user, token, now) => {
      const dash = token.indexOf('-');
      const stamp = token.slice(0, Math.max(dash, 0));
      return isEqual(token.slice(dash + 1), resetMac(user, stamp)) && isFresh(stamp, now);
    },
  };
}

function isFresh(stamp: string, now: number): boolean {
  return now - Number.parseInt(stamp, 36) <= LINK_LIFETIME_MS;
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A user's id as it stands in reset links: base 36, as allauth writes it. */
export function encodeUserId(id: number): string {
  return id.toString(36);
}

/** undefined for what is no such id. Django refuses more than 13 characters; the rest is Python's int(uid, 36). */
export function decodeUserId(uid: string): number | undefined {
  if (uid.length > 13 || !/^[+-]?[0-9a-z]+(?:_[0-9a-z]+)*$/i.test(uid)) return undefined;
  return Number.parseInt(uid.replaceAll('_', ''), 36);
}
