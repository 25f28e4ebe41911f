import type { TlsMaterial } from '../certs/material.ts';
import type { StoreReport } from '../certs/trust/report.ts';
import { trustedRoot } from '../certs/trust/root-identity.ts';
import type { Privilege, StepWorld } from '../certs/trust/steps.ts';
import { findStores } from '../certs/trust/stores.ts';
import type { StoreKind, TrustedRoot, TrustStore } from '../certs/trust/types.ts';
import type { ClientReport } from '../certs/verify/handshake.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { makePrivateDir } from '../system/files.ts';
import { ensureProjectCertificates, trustWorld } from './certs-project.ts';

type World = Pick<
  Context,
  | 'env'
  | 'platform'
  | 'homeDir'
  | 'paths'
  | 'isRoot'
  | 'owner'
  | 'pid'
  | 'interactive'
  | 'output'
  | 'run'
  | 'now'
  | 'self'
>;

export interface TrustTask {
  readonly material: TlsMaterial;
  readonly root: TrustedRoot;
  readonly stores: readonly TrustStore[];
  readonly steps: StepWorld;
}

/**
 * What `trust` works on: the project's CA, made where there is none, and the stores.
 *
 * @throws JwtDevError ERR_USAGE in self-signed mode: that mode exists for those who may not touch a store
 */
export async function prepareTrust(
  { store }: { readonly store?: readonly StoreKind[] },
  context: World,
  config: Config,
): Promise<TrustTask> {
  if (config.tls.mode === 'self-signed') {
    throw new JwtDevError(
      'ERR_USAGE',
      'With tls.mode "self-signed" there is no CA that a store could trust.',
      {
        hint: 'Set tls.mode to "ca" for certificates that browsers accept without a warning.',
      },
    );
  }
  const material = await ensureProjectCertificates(config, context, null);
  const root = trustedRoot(material.caFile, material.caPem);
  if (root === undefined) {
    throw new JwtDevError('ERR_CERTS_UNREADABLE', `${material.caFile} is not a CA that jwt-dev made.`, {
      hint: 'Make a new one with: jwt-dev certs --renew authority',
    });
  }
  const stores = await findProjectStores(store ?? null, context);
  return { material, root, stores, steps: stepWorld(context) };
}

/** @throws JwtDevError ERR_USAGE where a store was asked for that this machine does not have */
export async function findProjectStores(
  kinds: readonly StoreKind[] | null,
  context: World,
): Promise<readonly TrustStore[]> {
  const stores = await findStores(trustWorld(context), kinds);
  const absent = (kinds ?? []).filter((kind) => !stores.some((store) => store.kind === kind));
  if (absent.length === 0) return stores;
  throw new JwtDevError('ERR_USAGE', `This machine has no trust store of the kind ${absent.join(', ')}.`, {
    hint: 'See which there are with: jwt-dev trust --check',
  });
}

/** How the steps run here. Without a terminal nobody could answer sudo; Windows has none. */
export function stepWorld({ run, platform, isRoot, interactive }: World): StepWorld {
  const privilege: Privilege = isRoot ? 'root' : interactive && platform !== 'win32' ? 'sudo' : 'none';
  return { run, platform, privilege };
}

/** Real connections of the installed clients to the project's first host name. */
export async function verifyProject(
  context: World,
  config: Config,
  material: TlsMaterial,
): Promise<readonly ClientReport[]> {
  const { verifyByHandshake } = await import('../certs/verify/handshake.ts');
  const temporaryDir = config.stateDir;
  await makePrivateDir(temporaryDir, context.owner);
  return verifyByHandshake({
    material,
    hostname: config.frontend.hostname,
    world: { ...trustWorld(context), isRoot: context.isRoot },
    temporaryDir,
  });
}

/** What is worst decides: root's rights are missing, then failures; `--check` only knows trusted or not. */
export function trustExitCode(reports: readonly StoreReport[], check: boolean): number {
  const has = (status: StoreReport['status']): boolean => reports.some((report) => report.status === status);
  if (check) return reports.every(({ status }) => status === 'trusted') ? EXIT.done : EXIT.drift;
  if (has('needs-root')) return EXIT.privilege;
  return has('failed') || has('unusable') ? EXIT.failed : EXIT.done;
}

/** A store that cannot be read (no certutil) holds nothing that we could have put there: no failure. */
export function untrustExitCode(reports: readonly StoreReport[]): number {
  if (reports.some(({ status }) => status === 'needs-root')) return EXIT.privilege;
  return reports.some(({ status }) => status === 'failed') ? EXIT.failed : EXIT.done;
}
