import path from 'node:path';
import { readFileIfPresent } from './files.ts';

/** Which package holds NSS's certutil, by the ID and ID_LIKE words of os-release(5). */
const INSTALL_COMMANDS: Readonly<Record<string, string>> = {
  debian: 'sudo apt install libnss3-tools',
  ubuntu: 'sudo apt install libnss3-tools',
  fedora: 'sudo dnf install nss-tools',
  rhel: 'sudo dnf install nss-tools',
  centos: 'sudo dnf install nss-tools',
  arch: 'sudo pacman -S nss',
  suse: 'sudo zypper install mozilla-nss-tools',
  opensuse: 'sudo zypper install mozilla-nss-tools',
  alpine: 'sudo apk add nss-tools',
  gentoo: 'sudo emerge dev-libs/nss',
  void: 'sudo xbps-install nss',
  nixos: 'nix-shell -p nss.tools',
};

/**
 * The exact command that installs certutil on this machine.
 * @param world `root` stands before the paths of the system, for tests; the real one is '/'.
 */
export async function certutilHint(world: {
  readonly platform: NodeJS.Platform;
  readonly root: string;
}): Promise<string> {
  if (world.platform === 'darwin') return 'Install it with: brew install nss';
  const text = (await readFileIfPresent(path.join(world.root, 'etc/os-release')))?.toString('utf8') ?? '';
  const known = parseOsRelease(text).find((id) => id in INSTALL_COMMANDS);
  if (known === undefined) return 'Install the NSS tools of your distribution (certutil).';
  return `Install it with: ${INSTALL_COMMANDS[known]}`;
}

/** The words that name a distribution, the most exact one first. */
function parseOsRelease(text: string): readonly string[] {
  const value = (key: string): string =>
    new RegExp(`^${key}=["']?(?<value>[^"'\n]*)`, 'm').exec(text)?.groups?.['value'] ?? '';
  return `${value('ID')} ${value('ID_LIKE')}`
    .toLowerCase()
    .split(/\s+/)
    .map((word) => (word.startsWith('opensuse') ? 'opensuse' : word))
    .filter((word) => word !== '');
}
