import { isLocalName } from './local-name.ts';
import { isTrustworthyUrl } from './origin.ts';
import type { AddressSpace } from './types.ts';

/**
 * Whether a page's fetch is stopped because it would go out in plain http (Mixed Content §4.4, "should fetching request
 * be blocked as mixed content?"). Nothing is sent then. Hosts of this machine are exempt; so are names and
 * addresses that can only be in the local network, and a target that the script declares to be there (WICG Local Network
 * Access, "mixed content" and `targetAddressSpace`).
 * @param pageUrl the document's URL, also where its origin is opaque.
 */
export function isMixedContent(pageUrl: string, target: URL, declared: AddressSpace | null): boolean {
  if (!URL.canParse(pageUrl) || new URL(pageUrl).protocol !== 'https:') return false;
  if (declared === 'local' || declared === 'loopback') return false;
  return !isTrustworthyUrl(target) && !isLocalName(target.hostname);
}
