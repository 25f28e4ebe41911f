import { expect, test } from 'vitest';
import { parseClients } from '../../../src/commands/verify-act.ts';

test('clients are named in any letter case, with commas or blanks, and run in the order of the table', () => {
  expect(parseClients(['curl, Node', 'FIREFOX'])).toEqual(['firefox', 'node', 'curl']);
  expect(parseClients(undefined)).toHaveLength(6);
});

test.each([
  ['chrome', 'chromium'],
  ['Chrom', 'chromium'],
  ['edge', 'chromium'],
  ['py', 'python'],
  ['firefix', 'firefox'],
])('for %s, %s is proposed', (written, meant) => {
  expect(() => parseClients([written])).toThrow(
    expect.objectContaining({ code: 'ERR_USAGE', hint: `Did you mean ${meant}?` }),
  );
});

test('for a name that is near to none, all are named', () => {
  for (const names of [['safari'], [',']]) {
    expect(() => parseClients(names)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('chromium, firefox, node') }),
    );
  }
});
