import {
  type AuthStore,
  caseKey,
  decideRotation,
  type Mail,
  type NewMail,
  type NewUser,
  type RefreshRecord,
  type Rotation,
  type RotationRequest,
  type User,
  type UserChanges,
} from '../../src/auth/entry.ts';

interface Token extends RefreshRecord {
  readonly family: Family;
  rotatedAt: number | null;
  deniedAt: number | null;
}

interface Family {
  head: string;
  revokedAt: number | null;
}

/**
 * A store as somebody would write it for a server of their own, with nothing but what `jwt-dev/auth` exports: a class
 * (its methods need their `this`) that keeps everything in maps. JavaScript runs a method to its next `await`, and there
 * is none, so each is one transaction.
 */
export class MemoryStore implements AuthStore {
  readonly #users = new Map<number, User>();
  readonly #tokens = new Map<string, Token>();
  readonly #settings = new Map<string, string>();
  #mails: readonly Mail[] = [];
  #lastUserId = 0;
  #lastMailId = 0;

  async userById(id: number) {
    return this.#users.get(id);
  }

  async userByUsername(username: string) {
    return this.#named(username);
  }

  async usersByEmail(email: string) {
    return this.#sorted().filter((user) => caseKey(user.email) === caseKey(email));
  }

  async listUsers() {
    return this.#sorted();
  }

  async addUser(user: NewUser) {
    const id = user.id ?? this.#lastUserId + 1;
    if (this.#named(user.username) !== undefined || this.#users.has(id)) return undefined;
    this.#lastUserId = Math.max(this.#lastUserId, id);
    this.#users.set(id, { ...user, id });
    return this.#users.get(id);
  }

  async changeUser(id: number, changes: UserChanges) {
    const user = this.#users.get(id);
    const holder = changes.username === undefined ? undefined : this.#named(changes.username);
    if (user === undefined || (holder !== undefined && holder.id !== id)) return undefined;
    this.#users.set(id, { ...user, ...changes });
    return this.#users.get(id);
  }

  async verifyEmail(id: number) {
    const user = this.#users.get(id);
    if (user === undefined || user.email === '') return false;
    const others = this.#sorted().filter((other) => caseKey(other.email) === caseKey(user.email));
    const holder = others.find((other) => other.emailVerified);
    if (holder === undefined) this.#users.set(id, { ...user, emailVerified: true });
    return holder === undefined || holder.id === id;
  }

  async removeUser(id: number) {
    return this.#users.delete(id);
  }

  async startFamily(token: RefreshRecord) {
    this.#begin(token);
  }

  async rotateRefresh({ presented, next, ...policy }: RotationRequest): Promise<Rotation> {
    const known = this.#tokens.get(presented.jti);
    const head = known === undefined ? undefined : this.#tokens.get(known.family.head);
    const headUsable = head !== undefined && head.deniedAt === null && head.expiresAt > policy.now;
    const familyRevoked = known !== undefined && known.family.revokedAt !== null;
    const decision = decideRotation({ presented: known, familyRevoked, headUsable }, policy);
    if (decision === 'follow' && head !== undefined) return { kind: 'followed', head: recordOf(head) };
    if (decision === 'revoke' && known !== undefined) known.family.revokedAt ??= policy.now;
    if (decision !== 'rotate') return { kind: 'refused' };
    const token = known ?? this.#begin(presented);
    token.rotatedAt = policy.now;
    token.family.head = next.jti;
    this.#tokens.set(next.jti, { ...next, family: token.family, rotatedAt: null, deniedAt: null });
    return { kind: 'rotated' };
  }

  async denyRefresh(token: RefreshRecord, now: number, wholeFamily: boolean) {
    const known = this.#tokens.get(token.jti) ?? this.#begin(token);
    known.deniedAt ??= now;
    if (wholeFamily) known.family.revokedAt ??= now;
  }

  async isRefreshDenied(jti: string, now: number, graceMs: number) {
    const token = this.#tokens.get(jti);
    if (token === undefined) return false;
    if (token.deniedAt !== null || token.family.revokedAt !== null) return true;
    return token.rotatedAt !== null && now - token.rotatedAt >= graceMs;
  }

  async purgeExpired(now: number) {
    for (const token of this.#tokens.values()) if (token.expiresAt <= now) this.#tokens.delete(token.jti);
  }

  async addMail(mail: NewMail, keep: number) {
    this.#lastMailId += 1;
    const kept = { ...mail, id: this.#lastMailId };
    this.#mails = [...this.#mails, kept].slice(-keep);
    return kept;
  }

  async listMail({ to, type, afterId = 0 }: Parameters<AuthStore['listMail']>[0] = {}) {
    return this.#mails.filter(
      (mail) =>
        mail.id > afterId &&
        (to === undefined || caseKey(mail.to) === caseKey(to)) &&
        (type === undefined || mail.type === type),
    );
  }

  async clearMail() {
    this.#mails = [];
  }

  async meta(key: string) {
    return this.#settings.get(key);
  }

  async metaDefault(key: string, value: string) {
    const kept = this.#settings.get(key) ?? value;
    this.#settings.set(key, kept);
    return kept;
  }

  async setMeta(key: string, value: string) {
    this.#settings.set(key, value);
  }

  #sorted(): readonly User[] {
    return [...this.#users.values()].sort((a, b) => a.id - b.id);
  }

  #named(username: string): User | undefined {
    return this.#sorted().find((user) => caseKey(user.username) === caseKey(username));
  }

  #begin(token: RefreshRecord): Token {
    const family = { head: token.jti, revokedAt: null };
    const begun: Token = { ...token, family, rotatedAt: null, deniedAt: null };
    this.#tokens.set(token.jti, begun);
    return begun;
  }
}

function recordOf({ jti, userId, issuedAt, expiresAt }: Token): RefreshRecord {
  return { jti, userId, issuedAt, expiresAt };
}
