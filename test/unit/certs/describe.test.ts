import { expect, test } from 'vitest';
import { describeIssued, needsTrustAnew } from '../../../src/certs/describe.ts';

test('says what was made, for which site, and why', () => {
  expect(
    describeIssued(
      [
        { what: 'authority', reason: 'missing', file: '/data/root.pem' },
        { what: 'leaf', reason: 'key-mismatch', file: '/state/leaf-key.pem' },
        { what: 'self-signed', reason: 'expiring', file: null },
      ],
      'example.com',
    ),
  ).toEqual([
    'Made a new local CA for example.com: there was none.',
    'Made a new certificate for example.com: the old one and its key did not belong together (/state/leaf-key.pem).',
    'Made a new self-signed certificate for example.com: the old one was about to run out.',
  ]);
});

test('only a CA that replaces another one has to be trusted anew', () => {
  expect(needsTrustAnew([{ what: 'authority', reason: 'unreadable', file: '/r' }])).toBe(true);
  expect(needsTrustAnew([{ what: 'authority', reason: 'missing', file: '/r' }])).toBe(false);
  expect(needsTrustAnew([{ what: 'leaf', reason: 'unreadable', file: '/l' }])).toBe(false);
});
