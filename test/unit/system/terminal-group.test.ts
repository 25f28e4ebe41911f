import { expect, test } from 'vitest';
import { foregroundByStat, isInForeground } from '../../../src/system/terminal-group.ts';

const stat = (group: number, foreground: number): string =>
  `42 (a) b) S 1 ${group} 7 34816 ${foreground} 4194304 0 0`;

test('a process is in the foreground when its group is that of its terminal', () => {
  expect(foregroundByStat(stat(40, 40))).toBe(true);
  expect(foregroundByStat(stat(40, 41))).toBe(false);
  expect(foregroundByStat(stat(40, -1))).toBe(false);
  expect(foregroundByStat('')).toBe(false);
});

test('ps is asked where there is no /proc', async () => {
  const asked = (stdout: string) =>
    isInForeground(42, {
      platform: 'darwin',
      run: async () => ({ exitCode: 0, stdout, stderr: '', errno: undefined, timedOut: false }),
    });
  expect(await asked('  40   40\n')).toBe(true);
  expect(await asked('  40   41\n')).toBe(false);
  expect(await asked('')).toBe(false);
});
