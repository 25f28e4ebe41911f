import { expect, test } from 'vitest';
import { addressSpace } from '../../../src/doctor/addresses.ts';

test.each([
  ['127.0.0.1', 'loopback'],
  ['127.255.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['10.1.2.3', 'private'],
  ['172.31.0.1', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['169.254.1.1', 'private'],
  ['0.0.0.0', 'private'],
  ['::', 'private'],
  ['fd00::1', 'private'],
  ['fe80::1', 'private'],
  ['93.184.216.34', 'public'],
  ['2606:2800:220:1::1', 'public'],
])('%s is %s', (address, space) => {
  expect(addressSpace(address)).toBe(space);
});
