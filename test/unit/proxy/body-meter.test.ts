import { expect, test } from 'vitest';
import { countBodyBytes, createBodyMeter } from '../../../src/proxy/body-meter.ts';

const MIB = 1024 * 1024;

test('Collects after every few MiB of bodies, however they come', () => {
  let collected = 0;
  const count = createBodyMeter(() => {
    collected += 1;
  });
  for (let passed = 0; passed < 64 * MIB; passed += 64 * 1024) count(64 * 1024);
  expect(collected).toBe(8);
  count(7 * MIB);
  expect(collected).toBe(8);
  count(1 * MIB);
  expect(collected).toBe(9);
});

test('Buffers that are dead are gone after the next few MiB', () => {
  const before = process.memoryUsage().arrayBuffers;
  for (let passed = 0; passed < 256; passed += 1) {
    for (let part = 0; part < 16; part += 1) countBodyBytes(Buffer.alloc(64 * 1024).length);
  }
  // Without the meter some 30 MiB are there, and up to 64 MiB in a process with a larger heap.
  expect((process.memoryUsage().arrayBuffers - before) / MIB).toBeLessThan(16);
});
