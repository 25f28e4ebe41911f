import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../errors.ts';
import { exists, readFileIfPresent } from '../../system/files.ts';
import { identifyRoot } from './root-identity.ts';
import type { FoundRoot, StoreFacts, TrustedRoot, TrustStore, TrustWorld } from './types.ts';

/** How one family of Linux distributions keeps the certificates that an administrator adds. */
interface AnchorPlace {
  readonly family: string;
  /** Marks the family: the directory exists nowhere else. */
  readonly anchors: string;
  readonly extension: string;
  /** Written by `update`; what OpenSSL, curl and Python read. */
  readonly bundle: string;
  /** After a new anchor, and after a removed one. Absolute: a root shell's PATH often lacks /usr/sbin. */
  readonly update: readonly string[];
  readonly refresh: readonly string[];
}

/**
 * update-ca-certificates(8) of Debian and of openSUSE, update-ca-trust(8) of Fedora and of Arch.
 * `--fresh` on the way out: without it Debian leaves dangling links behind.
 */
const PLACES: readonly AnchorPlace[] = [
  {
    family: 'Fedora, RHEL',
    anchors: '/etc/pki/ca-trust/source/anchors',
    extension: '.pem',
    bundle: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
    update: ['/usr/bin/update-ca-trust', 'extract'],
    refresh: ['/usr/bin/update-ca-trust', 'extract'],
  },
  {
    family: 'Arch',
    anchors: '/etc/ca-certificates/trust-source/anchors',
    extension: '.pem',
    bundle: '/etc/ca-certificates/extracted/tls-ca-bundle.pem',
    update: ['/usr/bin/update-ca-trust'],
    refresh: ['/usr/bin/update-ca-trust'],
  },
  {
    family: 'openSUSE',
    anchors: '/etc/pki/trust/anchors',
    extension: '.pem',
    bundle: '/var/lib/ca-certificates/ca-bundle.pem',
    update: ['/usr/sbin/update-ca-certificates'],
    refresh: ['/usr/sbin/update-ca-certificates', '--fresh'],
  },
  {
    family: 'Debian, Ubuntu, Alpine',
    anchors: '/usr/local/share/ca-certificates',
    extension: '.crt',
    bundle: '/etc/ssl/certs/ca-certificates.crt',
    update: ['/usr/sbin/update-ca-certificates'],
    refresh: ['/usr/sbin/update-ca-certificates', '--fresh'],
  },
];

/** The system's own store on Linux: curl, Python, Go, git, .NET, and Java where the distribution connects it. */
export async function systemStore(world: TrustWorld): Promise<TrustStore> {
  for (const place of PLACES) {
    if (await exists(path.join(world.root, place.anchors))) return anchorStore(world, place);
  }
  return unknownSystem();
}

function anchorStore(world: TrustWorld, place: AnchorPlace): TrustStore {
  const dir = path.join(world.root, place.anchors);
  const anchor = ({ name }: TrustedRoot): string =>
    path.join(dir, `${name.replaceAll(' ', '-')}${place.extension}`);
  const [update = '', ...updateArgs] = place.update;
  const [refresh = '', ...refreshArgs] = place.refresh;
  return {
    id: 'system',
    kind: 'system',
    label: `system (${place.family})`,
    location: dir,
    privileged: true,
    facts: () => anchorFacts(dir, path.join(world.root, place.bundle)),
    installSteps: (root) => [
      { file: 'install', args: ['-m', '0644', '--', root.file, anchor(root)] },
      { file: update, args: updateArgs },
    ],
    removeSteps: ({ storedAs }) => [
      { file: 'rm', args: ['-f', '--', storedAs] },
      { file: refresh, args: refreshArgs },
    ],
  };
}

/** An anchor is trusted when it has also reached the bundle: an interrupted update leaves it beside. */
async function anchorFacts(dir: string, bundleFile: string): Promise<StoreFacts> {
  const bundle = (await readFileIfPresent(bundleFile))?.toString('latin1').replaceAll(/\s/g, '') ?? '';
  const ours: FoundRoot[] = [];
  for (const file of (await namesIn(dir)).toSorted()) {
    if (!file.startsWith('jwt-dev-')) continue;
    const storedAs = path.join(dir, file);
    const pem = (await readFileIfPresent(storedAs))?.toString('latin1') ?? '';
    const root = identifyRoot(pem);
    if (root === undefined) continue;
    ours.push({ ...root, storedAs, trusted: bundle.includes(pem.replaceAll(/\s/g, '')) });
  }
  return { state: 'usable', ours };
}

async function namesIn(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function unknownSystem(): TrustStore {
  return {
    id: 'system',
    kind: 'system',
    label: 'system',
    location: '(unknown)',
    privileged: true,
    facts: async () => ({
      state: 'unusable',
      why: 'this distribution keeps its certificates in a place that jwt-dev does not know',
      hint: 'Install the package ca-certificates; on NixOS add the CA file to security.pki.certificateFiles.',
    }),
    installSteps: () => [],
    removeSteps: () => [],
  };
}
