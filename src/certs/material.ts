import type { CertificateFacts } from './facts.ts';
import type { CaState, SelfSignedState } from './inspect.ts';
import { type IssueReason, renewalDate } from './plan.ts';

/** One thing that was made, and why. */
export interface Issued {
  readonly what: 'authority' | 'leaf' | 'self-signed';
  readonly reason: IssueReason;
  /** The file that made it necessary, or null. */
  readonly file: string | null;
}

/** All that a TLS server needs, and what its clients must trust. */
export interface TlsMaterial {
  readonly mode: 'ca' | 'self-signed';
  readonly keyPem: string;
  /** The whole chain that a server sends, without the root. */
  readonly chainPem: string;
  /** What clients trust: the root, or the self-signed certificate itself. */
  readonly caFile: string;
  readonly caPem: string;
  /** Of the certificate in `caFile`: SHA-256, upper case, with colons. */
  readonly fingerprint256: string;
  /** Of the server's certificate. */
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** From then on `ensureCertificates` makes a new one. */
  readonly renewAt: Date;
  readonly leafCertFile: string;
  readonly leafKeyFile: string;
  readonly chainFile: string;
  readonly issued: readonly Issued[];
  /** Sentences about what was put right on the way. */
  readonly notes: readonly string[];
}

/** The material of a CA whose files are all good, or undefined. */
export function caMaterial(
  state: CaState,
  issued: readonly Issued[],
  notes: readonly string[],
): TlsMaterial | undefined {
  const { authority, leaf, plans, pems, files } = state;
  if (plans.authority.action !== 'keep' || plans.leaf.action !== 'keep') return undefined;
  if (authority.defect !== null || leaf.defect !== null) return undefined;
  if (pems.key.pem === undefined || pems.chain.pem === undefined || pems.root.pem === undefined)
    return undefined;
  return {
    mode: 'ca',
    keyPem: pems.key.pem,
    chainPem: pems.chain.pem,
    caFile: files.authority.root,
    caPem: pems.root.pem,
    fingerprint256: authority.root.fingerprint256,
    ...dates(leaf.leaf, 'ca'),
    leafCertFile: files.leaf.certificate,
    leafKeyFile: files.leaf.key,
    chainFile: files.leaf.chain,
    issued,
    notes,
  };
}

/** The material of a self-signed certificate whose files are good, or undefined. */
export function selfSignedMaterial(
  state: SelfSignedState,
  issued: readonly Issued[],
  notes: readonly string[],
): TlsMaterial | undefined {
  const { leaf, plan, pems, files } = state;
  if (plan.action !== 'keep' || leaf.defect !== null) return undefined;
  if (pems.key.pem === undefined || pems.certificate.pem === undefined) return undefined;
  return {
    mode: 'self-signed',
    keyPem: pems.key.pem,
    chainPem: pems.certificate.pem,
    caFile: files.certificate,
    caPem: pems.certificate.pem,
    fingerprint256: leaf.leaf.fingerprint256,
    ...dates(leaf.leaf, 'self-signed'),
    leafCertFile: files.certificate,
    leafKeyFile: files.key,
    chainFile: files.chain,
    issued,
    notes,
  };
}

function dates(
  leaf: CertificateFacts,
  mode: TlsMaterial['mode'],
): Pick<TlsMaterial, 'notBefore' | 'notAfter' | 'renewAt'> {
  return { notBefore: leaf.notBefore, notAfter: leaf.notAfter, renewAt: renewalDate(leaf, mode) };
}
