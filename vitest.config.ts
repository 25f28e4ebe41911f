import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/helpers/long-first.ts';

// Three rings (ARCHITECTURE.md): unit is pure, integration has real sockets and
// temp directories, e2e uses the packed tarball as a user does.
export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/architecture.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          // After the others: these measure and kill processes, and want the machine for themselves.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          globalSetup: ['test/e2e/global-setup.ts'],
        },
      },
    ],
  },
});
