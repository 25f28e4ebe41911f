import { ensureBundle } from '../certs/bundle.ts';
import { describeConstraints } from '../certs/constraints.ts';
import { type CertificateFacts, readCertificateFacts } from '../certs/facts.ts';
import type { TlsMaterial } from '../certs/material.ts';
import { inspectStores } from '../certs/trust/apply.ts';
import type { StoreReport } from '../certs/trust/report.ts';
import { trustedRoot } from '../certs/trust/root-identity.ts';
import { findStores } from '../certs/trust/stores.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { JwtDevError } from '../errors.ts';
import { trustWorld } from './certs-project.ts';

/** The answer of `jwt-dev certs --json`. Dates are ISO 8601, fingerprints SHA-256 with colons. */
export interface CertsAnswer {
  readonly mode: 'ca' | 'self-signed';
  /** null in self-signed mode: there is nothing to trust and nothing that signs. */
  readonly authority: {
    readonly file: string;
    readonly fingerprint256: string;
    readonly notAfter: string;
    readonly constraints: readonly string[];
    readonly trusted: Readonly<Record<string, boolean>>;
  } | null;
  readonly leaf: {
    readonly certFile: string;
    readonly keyFile: string;
    readonly names: readonly string[];
    readonly notAfter: string;
  };
  readonly chainFile: string;
  readonly bundleFile: string;
}

export interface CertsReport {
  readonly value: CertsAnswer;
  readonly renewAt: Date;
  readonly stores: readonly StoreReport[];
}

type World = Pick<Context, 'env' | 'platform' | 'homeDir' | 'isRoot' | 'owner' | 'run'>;

/** Reads what there is to say about a project's certificates. Writes nothing but the bundle. */
export async function readCertsReport(
  config: Config,
  context: World,
  material: TlsMaterial,
): Promise<CertsReport> {
  const leaf = factsOf(material.chainPem, material.chainFile);
  const stores = material.mode === 'ca' ? await readTrust(context, material) : [];
  const value: CertsAnswer = {
    mode: material.mode,
    authority:
      material.mode === 'ca'
        ? {
            file: material.caFile,
            fingerprint256: material.fingerprint256,
            notAfter: factsOf(material.caPem, material.caFile).notAfter.toISOString(),
            constraints: describeConstraints(config.site),
            trusted: Object.fromEntries(stores.map(({ id, status }) => [id, status === 'trusted'])),
          }
        : null,
    leaf: {
      certFile: material.leafCertFile,
      keyFile: material.leafKeyFile,
      names: leaf.names,
      notAfter: leaf.notAfter.toISOString(),
    },
    chainFile: material.chainFile,
    bundleFile: await ensureBundle({ material, env: context.env, owner: context.owner }),
  };
  return { value, renewAt: material.renewAt, stores };
}

/** The same for people. */
export function formatCertsReport(
  { value, renewAt, stores }: CertsReport,
  config: Config,
  typed: string,
): string {
  const day = (date: string): string => date.slice(0, 10);
  const { authority, leaf } = value;
  const rows: (readonly [string, string])[] =
    authority === null
      ? [['Self-signed', 'no CA; clients take this one certificate or ask']]
      : [
          ['Local CA', authority.file],
          ['  signs for', `${config.site} and its subdomains, nothing else`],
          ['  valid until', day(authority.notAfter)],
          ['  SHA-256', authority.fingerprint256],
          ...stores.map(
            ({ label, status }, index) =>
              [
                index === 0 ? '  trusted by' : '',
                `${label}: ${status === 'trusted' ? 'yes' : 'no'}`,
              ] as const,
          ),
        ];
  rows.push(
    ['Certificate', leaf.certFile],
    ['  names', leaf.names.join(', ')],
    ['  valid until', `${day(leaf.notAfter)}, renewed from ${day(renewAt.toISOString())} on`],
    ['  key', leaf.keyFile],
    ['  chain', value.chainFile],
    ['Bundle', value.bundleFile],
  );
  const missing = stores.some(({ status }) => status !== 'trusted');
  const next = missing ? `\n\nNext:\n  ${typed} trust` : '';
  return `${rows.map(([name, text]) => `${name.padEnd(14)} ${text}`).join('\n')}${next}`;
}

async function readTrust(context: World, material: TlsMaterial): Promise<readonly StoreReport[]> {
  const root = trustedRoot(material.caFile, material.caPem);
  if (root === undefined) return [];
  const stores = await findStores(trustWorld(context), null);
  return inspectStores(stores, root, { platform: context.platform, privilege: 'none' });
}

function factsOf(pem: string, file: string): CertificateFacts {
  const facts = readCertificateFacts(pem);
  if (facts === undefined)
    throw new JwtDevError('ERR_CERTS_UNREADABLE', `Cannot read the certificate in ${file}.`);
  return facts;
}
