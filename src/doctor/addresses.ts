import { BlockList, isIPv6 } from 'node:net';

/** What an address is to the browser's local network access checks, and to a developer: here, near, or far. */
export type AddressSpace = 'loopback' | 'private' | 'public';

/** @param address an IP literal. RFC 6890's registries, as far as a name may lead there. */
export function addressSpace(address: string): AddressSpace {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (list(LOOPBACK).check(address, family)) return 'loopback';
  return list(PRIVATE).check(address, family) ? 'private' : 'public';
}

const LOOPBACK = [
  ['127.0.0.0', 8],
  ['::1', 128],
] as const;

/** RFC 1918, RFC 6598 (carriers), RFC 3927 and 4291 (link-local), RFC 4193, and "this host" (RFC 1122). */
const PRIVATE = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
  ['0.0.0.0', 8],
  ['::', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const;

function list(ranges: readonly (readonly [address: string, bits: number])[]): BlockList {
  const found = new BlockList();
  for (const [address, bits] of ranges) found.addSubnet(address, bits, isIPv6(address) ? 'ipv6' : 'ipv4');
  return found;
}
