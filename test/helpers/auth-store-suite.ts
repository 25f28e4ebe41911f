import { describe, expect, it } from 'vitest';
import type { AuthStore, NewUser, RefreshRecord, Rotation } from '../../src/auth/store/types.ts';

const NOW = 1_800_000_000_000;

export const ANN: NewUser = {
  id: null,
  username: 'Ann',
  email: 'ann@example.org',
  emailVerified: false,
  passwordHash: 'hash',
  firstName: 'Änn',
  lastName: "O'Neil",
  isActive: true,
  joinedAt: NOW,
  lastLoginAt: null,
  extra: { plan: 'pro', seats: 3, trial: false, note: null },
};

let count = 0;

function token(changes: Partial<RefreshRecord> = {}): RefreshRecord {
  count += 1;
  return { jti: `token-${count}`, userId: 1, issuedAt: NOW, expiresAt: NOW + 86_400_000, ...changes };
}

async function rotate(
  store: AuthStore,
  presented: RefreshRecord,
  changes: Partial<Parameters<AuthStore['rotateRefresh']>[0]> = {},
): Promise<{ readonly rotation: Rotation; readonly next: RefreshRecord }> {
  const next = token();
  const rotation = await store.rotateRefresh({
    presented,
    next,
    now: NOW,
    reuse: 'grace',
    graceMs: 10_000,
    ...changes,
  });
  return { rotation, next };
}

/** What every store must do. `open` gives an empty one that ends with the test. */
export function describeStore(name: string, open: () => Promise<AuthStore>): void {
  describe(`users in ${name}`, () => {
    it('are found by id, by name in any ASCII case, and by address', async () => {
      const store = await open();
      const ann = await store.addUser(ANN);
      expect(ann).toEqual({ ...ANN, id: ann?.id });
      expect(await store.userById(ann?.id ?? 0)).toEqual(ann);
      expect(await store.userByUsername('aNN')).toEqual(ann);
      expect(await store.usersByEmail('ANN@example.org')).toEqual([ann]);
      expect(await store.userById(999)).toBeUndefined();
      expect(await store.userById(2 ** 40)).toBeUndefined();
      expect(await store.userByUsername('nobody')).toBeUndefined();
    });

    it('have names that are unique in any ASCII case, and unique ids', async () => {
      const store = await open();
      await store.addUser({ ...ANN, id: 7 });
      expect(await store.addUser({ ...ANN, username: 'ANN' })).toBeUndefined();
      expect(await store.addUser({ ...ANN, username: 'bob', id: 7 })).toBeUndefined();
      expect((await store.addUser({ ...ANN, username: 'bob' }))?.id).toBe(8);
      expect(await store.addUser({ ...ANN, username: 'Ännchen' })).toBeDefined();
      expect(await store.addUser({ ...ANN, username: 'ännchen' })).toBeDefined();
    });

    it('never get the id of somebody who was removed', async () => {
      const store = await open();
      const ann = await store.addUser(ANN);
      expect(await store.removeUser(ann?.id ?? 0)).toBe(true);
      expect(await store.removeUser(ann?.id ?? 0)).toBe(false);
      expect((await store.addUser(ANN))?.id).toBeGreaterThan(ann?.id ?? 0);
    });

    it('are changed member by member', async () => {
      const store = await open();
      const ann = await store.addUser(ANN);
      const id = ann?.id ?? 0;
      expect(await store.changeUser(id, {})).toEqual(ann);
      expect(
        await store.changeUser(id, { lastLoginAt: NOW, isActive: false, extra: { plan: 'free' } }),
      ).toEqual({
        ...ann,
        lastLoginAt: NOW,
        isActive: false,
        extra: { plan: 'free' },
      });
      expect((await store.changeUser(id, { username: 'ANN' }))?.username).toBe('ANN');
      await store.addUser({ ...ANN, username: 'bob' });
      expect(await store.changeUser(id, { username: 'BOB' })).toBeUndefined();
      expect(await store.changeUser(999, { firstName: 'x' })).toBeUndefined();
      expect((await store.listUsers()).map(({ username }) => username)).toEqual(['ANN', 'bob']);
    });

    it('verify an address once among all who have it', async () => {
      const store = await open();
      const ann = await store.addUser(ANN);
      const bob = await store.addUser({ ...ANN, username: 'bob' });
      expect(await store.verifyEmail(bob?.id ?? 0)).toBe(true);
      expect(await store.verifyEmail(bob?.id ?? 0)).toBe(true);
      expect(await store.verifyEmail(ann?.id ?? 0)).toBe(false);
      expect(await store.verifyEmail(999)).toBe(false);
    });

    it('are added once where many try at the same time', async () => {
      const store = await open();
      const added = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          store.addUser({ ...ANN, username: index % 2 === 0 ? 'ann' : 'ANN' }),
        ),
      );
      expect(added.filter((user) => user !== undefined)).toHaveLength(1);
    });
  });

  describe(`the refresh ledger in ${name}`, () => {
    it('rotates once, and leads latecomers to the head', async () => {
      const store = await open();
      const first = token();
      await store.startFamily(first);
      const { rotation, next } = await rotate(store, first);
      expect(rotation).toEqual({ kind: 'rotated' });
      expect((await rotate(store, first)).rotation).toEqual({ kind: 'followed', head: next });
      const { next: head } = await rotate(store, next);
      expect((await rotate(store, first)).rotation).toEqual({ kind: 'followed', head });
      expect((await rotate(store, first, { reuse: 'strict' })).rotation).toEqual({ kind: 'refused' });
      expect((await rotate(store, first, { now: NOW + 10_000 })).rotation).toEqual({ kind: 'refused' });
    });

    it('revokes the family on reuse where the policy says so', async () => {
      const store = await open();
      const first = token();
      const { next } = await rotate(store, first);
      expect((await rotate(store, first, { reuse: 'revoke-family' })).rotation).toEqual({ kind: 'refused' });
      expect((await rotate(store, next)).rotation).toEqual({ kind: 'refused' });
      expect(await store.isRefreshDenied(next.jti, NOW, 0)).toBe(true);
    });

    it('denies one token, or its whole family', async () => {
      const store = await open();
      const [first, other] = [token(), token({ userId: null })];
      const { next } = await rotate(store, first);
      await store.denyRefresh(first, NOW, false);
      expect(await store.isRefreshDenied(first.jti, NOW, 10_000)).toBe(true);
      expect(await store.isRefreshDenied(next.jti, NOW, 10_000)).toBe(false);
      await store.denyRefresh(first, NOW, true);
      expect(await store.isRefreshDenied(next.jti, NOW, 10_000)).toBe(true);
      await store.denyRefresh(other, NOW, false);
      expect((await rotate(store, other)).rotation).toEqual({ kind: 'refused' });
    });

    it('says that a rotated token is denied after the grace time, and nothing of unknown ones', async () => {
      const store = await open();
      const first = token();
      await rotate(store, first);
      expect(await store.isRefreshDenied(first.jti, NOW + 9999, 10_000)).toBe(false);
      expect(await store.isRefreshDenied(first.jti, NOW + 10_000, 10_000)).toBe(true);
      expect(await store.isRefreshDenied(first.jti, NOW, 0)).toBe(true);
      expect(await store.isRefreshDenied('unknown', NOW, 0)).toBe(false);
    });

    it('forgets what has expired, and only that', async () => {
      const store = await open();
      const [short, long] = [token({ expiresAt: NOW + 1000 }), token()];
      await store.denyRefresh(short, NOW, false);
      await store.denyRefresh(long, NOW, false);
      await store.purgeExpired(NOW + 1000);
      expect(await store.isRefreshDenied(short.jti, NOW, 0)).toBe(false);
      expect(await store.isRefreshDenied(long.jti, NOW, 0)).toBe(true);
    });

    it('keeps the head usable after the first token of a family expired', async () => {
      const store = await open();
      const first = token({ expiresAt: NOW + 1000 });
      const { next } = await rotate(store, first);
      await store.purgeExpired(NOW + 1000);
      expect((await rotate(store, next)).rotation).toEqual({ kind: 'rotated' });
    });

    it.each(['strict', 'grace'] as const)('lets one of many rotate at once, policy %s', async (reuse) => {
      const store = await open();
      const first = token();
      const results = await Promise.all(Array.from({ length: 20 }, () => rotate(store, first, { reuse })));
      const winners = results.filter(({ rotation }) => rotation.kind === 'rotated');
      expect(winners).toHaveLength(1);
      const losers = results
        .filter(({ rotation }) => rotation.kind !== 'rotated')
        .map(({ rotation }) => rotation);
      const expected =
        reuse === 'strict' ? { kind: 'refused' } : { kind: 'followed', head: winners[0]?.next };
      expect(losers).toEqual(Array.from({ length: 19 }, () => expected));
    });
  });

  describe(`the outbox in ${name}`, () => {
    it('is read oldest first, by recipient in any case, by type and from a message on', async () => {
      const store = await open();
      const mail = {
        type: 'confirm-email',
        subject: 's',
        body: 'b',
        parts: { key: 'k' },
        sentAt: NOW,
      } as const;
      const first = await store.addMail({ ...mail, to: 'Ann@example.org' }, 10);
      const second = await store.addMail({ ...mail, to: 'bob@example.org', type: 'reset-password' }, 10);
      expect(await store.listMail()).toEqual([first, second]);
      expect(await store.listMail({ to: 'ann@EXAMPLE.org' })).toEqual([first]);
      expect(await store.listMail({ type: 'reset-password' })).toEqual([second]);
      expect(await store.listMail({ afterId: first.id })).toEqual([second]);
      await store.clearMail();
      expect(await store.listMail()).toEqual([]);
    });

    it('keeps the newest messages', async () => {
      const store = await open();
      const mail = {
        to: 'a@b.co',
        type: 'confirm-email',
        subject: 's',
        body: 'b',
        parts: {},
        sentAt: NOW,
      } as const;
      const ids: number[] = [];
      for (let number = 0; number < 5; number += 1) ids.push((await store.addMail(mail, 3)).id);
      expect((await store.listMail()).map(({ id }) => id)).toEqual(ids.slice(2));
    });
  });

  describe(`settings in ${name}`, () => {
    it('keep the first default and the last value', async () => {
      const store = await open();
      expect(await store.meta('a')).toBeUndefined();
      expect(await store.metaDefault('a', '1')).toBe('1');
      expect(await store.metaDefault('a', '2')).toBe('1');
      await store.setMeta('a', '3');
      expect(await store.meta('a')).toBe('3');
    });
  });
}
