import { describe, expect, it } from 'vitest';
import { readOutbox } from '../../../../src/auth/administration/outbox.ts';
import type { Mail } from '../../../../src/auth/store/types.ts';

const MAIL: Mail = {
  id: 1,
  to: 'a@b.co',
  type: 'confirm-email',
  subject: '',
  body: '',
  parts: {},
  sentAt: 0,
};

/** An outbox in which the mail arrives with the given look into it; time passes only by sleeping. */
function outboxWithMailAt(look: number) {
  const seen = { looks: 0, slept: 0 };
  return {
    seen,
    store: { listMail: async () => (++seen.looks >= look ? [MAIL] : []) },
    sleep: async (ms: number) => void (seen.slept += ms),
  };
}

describe('readOutbox', () => {
  it('answers at once what is there, or without a wait that nothing is', async () => {
    const now = outboxWithMailAt(1);
    expect(await readOutbox(now.store, {}, 5000, now.sleep)).toEqual([MAIL]);
    expect(now.seen.slept).toBe(0);
    const never = outboxWithMailAt(Infinity);
    expect(await readOutbox(never.store, {}, 0, never.sleep)).toEqual([]);
    expect(never.seen.looks).toBe(1);
  });

  it('waits for the first one, and no longer than it should', async () => {
    const later = outboxWithMailAt(4);
    expect(await readOutbox(later.store, {}, 5000, later.sleep)).toEqual([MAIL]);
    expect(later.seen.slept).toBe(300);
    const never = outboxWithMailAt(Infinity);
    expect(await readOutbox(never.store, {}, 250, never.sleep)).toEqual([]);
    expect(never.seen.slept).toBe(250);
  });
});
