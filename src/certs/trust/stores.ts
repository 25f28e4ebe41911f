import { systemStore } from './anchors.ts';
import { javaStore } from './java.ts';
import { macosStore } from './macos.ts';
import { nssStore } from './nss.ts';
import { findNssPlaces } from './nss-places.ts';
import type { StoreKind, TrustStore, TrustWorld } from './types.ts';
import { windowsStore } from './windows.ts';

/**
 * The stores of this machine and user, in the order in which they are worked through. The system's comes before
 * Java's, because distributions hand it on.
 *
 * @param kinds only these; null: all that there are
 */
export async function findStores(
  world: TrustWorld,
  kinds: readonly StoreKind[] | null,
): Promise<readonly TrustStore[]> {
  const stores: (TrustStore | undefined)[] = [
    world.platform === 'linux' ? await systemStore(world) : undefined,
    world.platform === 'darwin' ? macosStore(world) : undefined,
    await windowsStore(world),
    ...(await findNssPlaces(world)).map((place) => nssStore(world, place)),
    await javaStore(world),
  ];
  return stores
    .filter((store) => store !== undefined)
    .filter((store) => kinds === null || kinds.includes(store.kind));
}
