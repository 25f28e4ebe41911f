import path from 'node:path';
import { readFileIfPresent } from '../../system/files.ts';
import { splitPem } from '../facts.ts';
import { identifyRoot } from './root-identity.ts';
import type { FoundRoot, StoreFacts, TrustedRoot, TrustStore, TrustWorld } from './types.ts';

/** How the user's Root store of Windows is reached: from Windows itself, or from WSL. */
interface WindowsAccess {
  /** Windows' certutil.exe and PowerShell; NSS has a program of the same name, hence full paths. */
  readonly certutil: string;
  readonly powershell: string;
  readonly label: string;
  /** A file of ours as Windows names it. */
  readonly fileName: (root: TrustedRoot) => string;
}

/**
 * The user's Root store of Windows, or undefined on other systems. On WSL it is the store of the Windows outside,
 * whose browsers open the pages. It needs no administrator; Windows asks the user in a window.
 */
export async function windowsStore(world: TrustWorld): Promise<TrustStore | undefined> {
  const access = world.platform === 'win32' ? nativeAccess(world) : await wslAccess(world);
  if (access === undefined) return undefined;
  const { certutil } = access;
  return {
    id: 'windows',
    kind: 'windows',
    label: access.label,
    location: String.raw`Cert:\CurrentUser\Root`,
    privileged: false,
    facts: () => windowsFacts(world, access),
    installSteps: (root) => [{ file: certutil, args: ['-user', '-addstore', 'Root', access.fileName(root)] }],
    removeSteps: ({ storedAs }) => [{ file: certutil, args: ['-user', '-delstore', 'Root', storedAs] }],
  };
}

function nativeAccess({ env }: TrustWorld): WindowsAccess {
  const system = path.win32.join(env['SystemRoot'] ?? String.raw`C:\Windows`, 'System32');
  return {
    certutil: path.win32.join(system, 'certutil.exe'),
    powershell: path.win32.join(system, String.raw`WindowsPowerShell\v1.0\powershell.exe`),
    label: 'Windows (current user)',
    fileName: (root) => root.file,
  };
}

/** WSL says so in the kernel's release; the distribution's name makes our files reachable for Windows programs. */
async function wslAccess(world: TrustWorld): Promise<WindowsAccess | undefined> {
  if (world.platform !== 'linux') return undefined;
  const file = path.join(world.root, 'proc/sys/kernel/osrelease');
  const release = (await readFileIfPresent(file))?.toString('latin1') ?? '';
  const distribution = world.env['WSL_DISTRO_NAME'] ?? '';
  if (!/microsoft/i.test(release) || distribution === '') return undefined;
  const system = '/mnt/c/Windows/System32';
  return {
    certutil: `${system}/certutil.exe`,
    powershell: `${system}/WindowsPowerShell/v1.0/powershell.exe`,
    label: 'Windows outside WSL (current user)',
    fileName: (root) => `//wsl.localhost/${distribution}${root.file}`.replaceAll('/', '\\'),
  };
}

/** certutil's listing is translated; PowerShell's objects are not. The certificates come as base64, one a line. */
const LIST_SCRIPT =
  "Get-ChildItem Cert:\\CurrentUser\\Root | Where-Object { $_.Subject -like '*CN=jwt-dev root *' } | " +
  'ForEach-Object { [Convert]::ToBase64String($_.RawData) }';

async function windowsFacts(world: TrustWorld, { powershell }: WindowsAccess): Promise<StoreFacts> {
  const listing = await world.run(powershell, ['-NoProfile', '-NonInteractive', '-Command', LIST_SCRIPT]);
  if (listing.exitCode !== 0) {
    const why =
      listing.errno === undefined ? listing.stderr.trim() : `${powershell} cannot be run (${listing.errno})`;
    return { state: 'unusable', why, hint: null };
  }
  const ours: FoundRoot[] = [];
  for (const base64 of listing.stdout.split(/\s+/)) {
    const [pem] = splitPem(`-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----`);
    const root = pem === undefined ? undefined : identifyRoot(pem);
    if (root !== undefined) ours.push({ ...root, storedAs: root.thumbprint, trusted: true });
  }
  return { state: 'usable', ours };
}
