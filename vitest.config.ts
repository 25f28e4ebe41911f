import os from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/helpers/long-first.ts';

// Three rings (ARCHITECTURE.md), one after the other: unit is pure, integration has real sockets and temp directories,
// e2e uses the packed tarball as a user does.
export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/architecture.test.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
          maxWorkers: os.availableParallelism(),
          // What is pure leaves nothing behind: a process for each file would take longer than the tests.
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
          // By itself Vitest leaves one core free, of a CI machine the half.
          maxWorkers: os.availableParallelism(),
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          // After the others: these measure and kill processes, and want the machine for themselves.
          sequence: { groupOrder: 2 },
          // On two cores: much of their time is waiting for a browser, for npm, and for tokens to run out.
          maxWorkers: 3,
          globalSetup: ['test/e2e/global-setup.ts'],
        },
      },
    ],
  },
});
