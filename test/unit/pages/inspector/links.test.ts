import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitLinks } from '../../../../src/pages/inspector/model/links.ts';

test('addresses become links, what ends the sentence does not', () => {
  expect(
    splitLinks('Set it here: https://example.com/reset?uid=MQ&token=a-b. (Or http://localhost:3000/x)'),
  ).toEqual([
    { text: 'Set it here: ', href: null },
    {
      text: 'https://example.com/reset?uid=MQ&token=a-b',
      href: 'https://example.com/reset?uid=MQ&token=a-b',
    },
    { text: '. (Or ', href: null },
    { text: 'http://localhost:3000/x', href: 'http://localhost:3000/x' },
    { text: ')', href: null },
  ]);
});

test('no other scheme becomes a link', () => {
  expect(splitLinks('javascript:alert(1) data:text/html,x https://').every(({ href }) => href === null)).toBe(
    true,
  );
});

test('nothing of the text is lost', () => {
  const piece = fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom('https://', ' ', '\n', '.'));
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('');
      expect(
        splitLinks(text)
          .map((each) => each.text)
          .join(''),
      ).toBe(text);
    }),
    { numRuns: 30 },
  );
});
