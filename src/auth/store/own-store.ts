import type { AuthStore } from './types.ts';

/** A record, so that a member that is added to the store cannot be forgotten here. */
const MEMBERS: Readonly<Record<keyof AuthStore, true>> = {
  userById: true,
  userByUsername: true,
  usersByEmail: true,
  listUsers: true,
  addUser: true,
  changeUser: true,
  verifyEmail: true,
  removeUser: true,
  startFamily: true,
  rotateRefresh: true,
  denyRefresh: true,
  isRefreshDenied: true,
  purgeExpired: true,
  addMail: true,
  listMail: true,
  clearMail: true,
  meta: true,
  metaDefault: true,
  setMeta: true,
};

/** The methods that a store of somebody's own lacks: better found at the start than with the first log-out. Pure. */
export function missingMethods(store: AuthStore): readonly string[] {
  const members = store as Partial<Record<keyof AuthStore, unknown>>;
  return (Object.keys(MEMBERS) as (keyof AuthStore)[]).filter((name) => typeof members[name] !== 'function');
}
