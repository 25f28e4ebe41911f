import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createIntake } from '../../../../src/environment/inspector/intake.ts';

test('lets a burst in, then so many a second, and counts the rest', () => {
  let now = 0;
  const intake = createIntake({ burst: 10, perSecond: 4, clock: () => now });
  const let10In = () => Array.from({ length: 10 }, intake.take).filter(Boolean).length;
  expect(let10In()).toBe(10);
  expect([intake.isOpen(), let10In(), intake.missed()]).toEqual([false, 0, 10]);
  now = 500;
  expect([intake.isOpen(), let10In(), intake.missed()]).toEqual([true, 2, 18]);
  now = 60_000;
  expect([let10In(), let10In()]).toEqual([10, 0]);
  intake.clear();
  expect([intake.missed(), intake.isOpen()]).toEqual([0, false]);
});

test('never lets in more than the burst and what time has added, and always what comes slowly', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(400), { maxLength: 300 }), (pauses) => {
      let now = 0;
      const intake = createIntake({ burst: 5, perSecond: 10, clock: () => now });
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        const open = intake.isOpen();
        const isIn = intake.take();
        expect(isIn).toBe(open);
        if (pause >= 100) expect(isIn).toBe(true);
        taken += isIn ? 1 : 0;
        expect(taken).toBeLessThanOrEqual(5 + now / 100 + 1e-6);
      }
      expect(taken + intake.missed()).toBe(pauses.length);
    }),
  );
});
