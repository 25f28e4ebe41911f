/** How long certificates live, and when they are made anew. All figures are days unless the name says otherwise. */

const DAY_MS = 24 * 60 * 60 * 1000;

/** Clocks of virtual machines and containers drift: a certificate is valid from an hour before it was made. */
export const BACKDATE_MS = 60 * 60 * 1000;

/** A stolen leaf is worthless after a month; nobody has to renew it by hand. */
export const LEAF_LIFETIME_MS = 30 * DAY_MS;

/** A third of the leaf's life: time enough for a laptop that sleeps through a holiday. */
export const LEAF_RENEW_BEFORE_MS = 10 * DAY_MS;

/**
 * A new authority must be trusted anew in every store, so it lives long. It may: the root's key is gone, and what
 * the intermediate's key can sign is held to one site.
 */
export const AUTHORITY_LIFETIME_MS = 5 * 365 * DAY_MS;

/** An authority is replaced while it still covers a whole leaf. */
export const AUTHORITY_RENEW_BEFORE_MS = LEAF_LIFETIME_MS + BACKDATE_MS;

/** In self-signed mode each new certificate means a new exception in every browser: a year, written out. */
export const SELF_SIGNED_LIFETIME_MS = 365 * DAY_MS;

/** Self-signed certificates are replaced a month before their end. */
export const SELF_SIGNED_RENEW_BEFORE_MS = 30 * DAY_MS;

/** The organisation in every subject that jwt-dev writes: how people find our certificates in a store. */
export const ORGANISATION = 'jwt-dev development CA';

/** A clock before this program's first release is wrong: what it would date would have run out once it is right. */
export const EARLIEST_PLAUSIBLE_TIME = Date.UTC(2026, 0, 1);
