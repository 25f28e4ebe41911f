import path from 'node:path';
import { splitPem } from '../facts.ts';
import { identifyRoot } from './root-identity.ts';
import type { FoundRoot, StoreFacts, TrustStore, TrustWorld } from './types.ts';

const SECURITY = '/usr/bin/security';

/**
 * The login keychain: Safari, Chrome, Firefox, curl and Node (`--use-system-ca`) of this user read it. It needs no
 * root; macOS itself asks for the user's password in a window. security(1).
 */
export function macosStore(world: TrustWorld): TrustStore {
  const keychain = path.posix.join(world.homeDir, 'Library/Keychains/login.keychain-db');
  return {
    id: 'macos',
    kind: 'macos',
    label: 'macOS login keychain',
    location: keychain,
    privileged: false,
    facts: () => keychainFacts(world, keychain),
    installSteps: (root) => [
      {
        file: SECURITY,
        args: ['add-trusted-cert', '-r', 'trustRoot', '-p', 'ssl', '-p', 'basic', '-k', keychain, root.file],
      },
    ],
    // `-t` takes the trust settings away with it.
    removeSteps: ({ storedAs }) => [
      { file: SECURITY, args: ['delete-certificate', '-Z', storedAs, '-t', keychain] },
    ],
  };
}

async function keychainFacts(world: TrustWorld, keychain: string): Promise<StoreFacts> {
  const found = await world.run(SECURITY, ['find-certificate', '-a', '-c', 'jwt-dev root', '-p', keychain]);
  if (found.errno !== undefined) {
    return { state: 'unusable', why: `${SECURITY} cannot be run (${found.errno})`, hint: null };
  }
  // It says 1 where no user ever trusted anything: an empty list.
  const settings = await world.run(SECURITY, ['dump-trust-settings']);
  const ours: FoundRoot[] = [];
  for (const pem of splitPem(found.stdout)) {
    const root = identifyRoot(pem);
    if (root === undefined) continue;
    const trusted = settings.stdout.includes(`: ${root.name}`);
    ours.push({ ...root, storedAs: root.thumbprint, trusted });
  }
  return { state: 'usable', ours };
}
