import type { ReusePolicy } from '../../config/types.ts';

/** Values of extra user fields: what JSON can hold without nesting. */
export type ExtraValue = string | number | boolean | null;

/** Times are milliseconds since 1970. */
export interface User {
  readonly id: number;
  readonly username: string;
  /** Lower-case, or '' for none. */
  readonly email: string;
  readonly emailVerified: boolean;
  readonly passwordHash: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly isActive: boolean;
  readonly joinedAt: number;
  readonly lastLoginAt: number | null;
  readonly extra: Readonly<Record<string, ExtraValue>>;
}

/** `id` null: the next free one. */
export type NewUser = Omit<User, 'id'> & { readonly id: number | null };

export type UserChanges = Partial<Omit<User, 'id'>>;

/** The claims of a refresh token that the ledger needs. Times in milliseconds. */
export interface RefreshRecord {
  readonly jti: string;
  readonly userId: number | null;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export interface RotationRequest {
  readonly presented: RefreshRecord;
  /** What the presented token is exchanged for, if this request wins. */
  readonly next: RefreshRecord;
  readonly now: number;
  readonly reuse: ReusePolicy;
  readonly graceMs: number;
}

export type Rotation =
  /** This request won: `next` is the family's head now. */
  | { readonly kind: 'rotated' }
  /** Another request won within the grace time: its successor is handed out again. */
  | { readonly kind: 'followed'; readonly head: RefreshRecord }
  | { readonly kind: 'refused' };

export type MailType = 'confirm-email' | 'reset-password';

export interface NewMail {
  readonly to: string;
  readonly type: MailType;
  readonly subject: string;
  readonly body: string;
  /** The link's parts (`link`, `key` or `uid` and `token`), so that tests need not parse the text. */
  readonly parts: Readonly<Record<string, string>>;
  readonly sentAt: number;
}

export interface Mail extends NewMail {
  readonly id: number;
}

/** Users, wherever they are kept. */
export interface UserStore {
  readonly userById: (id: number) => Promise<User | undefined>;
  /** Exactly that name first, else the same name in another (ASCII) case. */
  readonly userByUsername: (username: string) => Promise<User | undefined>;
  /** All users with that address in any case, in order of their ids. */
  readonly usersByEmail: (email: string) => Promise<readonly User[]>;
  /** In order of their ids. */
  readonly listUsers: () => Promise<readonly User[]>;
  /** undefined: the name (in any case) or the id is taken. The id of somebody who was removed is never given again. */
  readonly addUser: (user: NewUser) => Promise<User | undefined>;
  /** undefined: no such user, or the new name is taken. */
  readonly changeUser: (id: number, changes: UserChanges) => Promise<User | undefined>;
  /** Marks the address as verified unless another user has verified it; says whether it is. */
  readonly verifyEmail: (id: number) => Promise<boolean>;
  readonly removeUser: (id: number) => Promise<boolean>;
}

/**
 * What is known of refresh tokens: the families that grew by rotation, and what was denied. Of a family that was never
 * begun (a token that was minted elsewhere with the same key) the presented token is the first member.
 */
export interface RefreshLedger {
  /** A new family with this token as its head. */
  readonly startFamily: (token: RefreshRecord) => Promise<void>;
  /** One of many with the same token wins, and only one: what `decideRotation` says, in one transaction. */
  readonly rotateRefresh: (request: RotationRequest) => Promise<Rotation>;
  /** `wholeFamily`: the tokens it was rotated from and to as well. */
  readonly denyRefresh: (token: RefreshRecord, now: number, wholeFamily: boolean) => Promise<void>;
  /** Whether a token was denied or rotated away (`graceMs` ago or longer). */
  readonly isRefreshDenied: (jti: string, now: number, graceMs: number) => Promise<boolean>;
  /** Forgets tokens that have expired by themselves. */
  readonly purgeExpired: (now: number) => Promise<void>;
}

/** The mails that were sent, for people and tests to read. */
export interface Outbox {
  /** Keeps the newest `keep` messages. */
  readonly addMail: (mail: NewMail, keep: number) => Promise<Mail>;
  /** Oldest first; `to` compares in any case. */
  readonly listMail: (filter?: {
    readonly to?: string;
    readonly type?: MailType;
    readonly afterId?: number;
  }) => Promise<readonly Mail[]>;
  readonly clearMail: () => Promise<void>;
}

/** What the API remembers of itself: the key of the links in mails, the scopes of its cookies. */
export interface MetaStore {
  readonly meta: (key: string) => Promise<string | undefined>;
  /** Keeps a value that is already there; answers the one that is kept. */
  readonly metaDefault: (key: string, value: string) => Promise<string>;
  readonly setMeta: (key: string, value: string) => Promise<void>;
}

/**
 * What the auth API keeps. Every method is one transaction: when its promise is fulfilled, the change survives the end
 * of the process.
 */
export interface AuthStore extends UserStore, RefreshLedger, Outbox, MetaStore {}

/** A store that was opened here, and is closed by whoever opened it. */
export interface OpenedStore extends AuthStore {
  readonly close: () => Promise<void>;
}

/** ASCII only, as SQLite's NOCASE compares; the same on every store. */
export function caseKey(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
