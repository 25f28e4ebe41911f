import { describe, expect, it } from 'vitest';
import { usernamePatternMessages } from '../../../../src/auth/fields/username.ts';

describe('usernamePatternMessages', () => {
  it.each(['alice', 'Ünïcödé-李', 'a+b@c-d_e.f', '²x', 'Ⅷ', '١٢', 'ª'])('takes %s', (name) => {
    expect(usernamePatternMessages(name)).toEqual([]);
  });

  it.each(['a b', 'a/b', "o'neil", '👍', 'a\u0301', 'user\u200d', 'a\n', ''])('does not take %j', (name) => {
    expect(usernamePatternMessages(name)).toHaveLength(1);
  });
});
