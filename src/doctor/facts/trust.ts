import { inspectStores } from '../../certs/trust/apply.ts';
import type { StoreReport } from '../../certs/trust/report.ts';
import { findStores } from '../../certs/trust/stores.ts';
import type { ClientReport } from '../../certs/verify/handshake.ts';
import { allHosts } from '../../config/types.ts';
import type { DoctorWorld } from '../types.ts';
import type { CertificatesFacts } from './certificates.ts';

/** What each trust store of this machine and user says about our root. null: there is no root to ask for. */
export async function readTrust(
  world: DoctorWorld,
  { root }: CertificatesFacts,
): Promise<readonly StoreReport[] | null> {
  if (root === null) return null;
  const { platform, env, homeDir, run, owner } = world;
  const stores = await findStores({ platform, env, homeDir, run, owner, root: world.root }, null);
  return inspectStores(stores, root, { platform, privilege: world.isRoot ? 'root' : 'none' });
}

/** Real handshakes of the installed clients. null: not asked for, or there is nothing to shake hands with. */
export async function readClients(
  world: DoctorWorld,
  certificates: CertificatesFacts,
): Promise<readonly ClientReport[] | null> {
  const { leaf, authority } = certificates;
  const isGood = leaf.plan.action === 'keep' && (authority === null || authority.plan.action === 'keep');
  if (!world.browsers || !isGood) return null;
  const { ensureCertificates } = await import('../../certs/ensure.ts');
  const { verifyByHandshake } = await import('../../certs/verify/handshake.ts');
  const { config, platform, env, homeDir, run, owner, isRoot, paths, now, pid } = world;
  // They are good, so this reads them and makes nothing.
  const material = await ensureCertificates({
    paths,
    stateDir: config.stateDir,
    site: config.site,
    hostnames: allHosts(config).map(({ hostname }) => hostname),
    mode: config.tls.mode,
    now,
    owner,
    pid,
  });
  return verifyByHandshake({
    material,
    hostname: config.frontend.hostname,
    world: { platform, env, homeDir, run, owner, root: world.root, isRoot },
    // Not the system's: a browser in a sandbox (snap) does not see that one.
    temporaryDir: config.stateDir,
  });
}
