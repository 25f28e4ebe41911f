import { expect, test } from 'vitest';
import { printable } from '../../../../src/environment/verify/printable.ts';

test('what a backend says never reaches the terminal as a command', () => {
  const hostile = 'oops \u001b]0;title\u0007\u001b[2J\u001b[31mred\u009b1m\r';
  const step = { id: 'user', title: hostile, status: 'fail', detail: hostile, ms: 3 } as const;
  const run = printable({ version: `1.2${hostile}`, steps: [step], said: `${hostile}\nat\tonce` });
  expect(run).toEqual({
    version: '1.2oops red',
    steps: [{ ...step, title: 'oops red', detail: 'oops red' }],
    said: 'oops red\nat\tonce',
  });
});
