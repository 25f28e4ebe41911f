import { expect, test } from 'vitest';
import { openHint } from '../../../../src/auth/store/sqlite/database.ts';

test.each([
  ['SQLITE_FULL', 'disk is full'],
  // What a full tmpfs gives where the shared memory file cannot grow.
  ['SQLITE_IOERR_SHMSIZE', 'disk is full'],
  ['SQLITE_CANTOPEN', 'who owns'],
  ['SQLITE_READONLY_DIRECTORY', 'who owns'],
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_NOTADB', 'Move the file away'],
  ['SQLITE_CORRUPT', 'Move the file away'],
  ['', 'Move the file away'],
])('a store that cannot be opened for %s is told with what helps', (code, words) => {
  expect(openHint(code)).toContain(words);
});
