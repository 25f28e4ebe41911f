import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapedSize, escapeHtml, fit } from '../../../src/proxy/html-text.ts';

test('Text stays text', () => {
  expect(escapeHtml(`<a href="x" title='y'>&amp;</a>`)).toBe(
    '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;',
  );
});

test('A text that fits stays as it is, another one says that it was cut', () => {
  expect(fit('short', 5)).toBe('short');
  expect(fit('a little longer', 10)).toBe('a littl…');
  expect(fit('"quoted"', 17)).toBe('"quoted…');
  expect(fit('ééééé', 9)).toBe('ééé…');
});

test('Whatever the text is, it takes no more room in a page than it may', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.integer({ min: 3, max: 400 }),
      (text, bytes) => {
        const cut = fit(text, bytes);
        expect(escapedSize(cut)).toBeLessThanOrEqual(bytes);
        expect(cut === text || cut.endsWith('…')).toBe(true);
        expect(text.startsWith(cut.replace(/…$/, '')) || cut === text).toBe(true);
      },
    ),
  );
});
