import { JwtDevError } from '../errors.ts';
import type { Owner } from '../system/files.ts';
import { refuseImplausibleClock, unusableAuthorityClock } from './clock.ts';
import { splitPem } from './facts.ts';
import {
  type CaState,
  type CertificateRequest,
  inspectCa,
  inspectSelfSigned,
  type RenewalRequest,
} from './inspect.ts';
import { sweepCertificateLock, withCertificateLock } from './lock.ts';
import { caMaterial, type Issued, selfSignedMaterial, type TlsMaterial } from './material.ts';
import { tightenMode, writeAuthority, writeCertificateFile, writeLeaf, writeSelfSigned } from './store.ts';

export interface EnsureInput extends CertificateRequest {
  readonly mode: 'ca' | 'self-signed';
  readonly owner: Owner | null;
  /** Our own process number, for the lock between processes. */
  readonly pid: number;
  /** What to make anew although it is good. Default: nothing. */
  readonly renew?: RenewalRequest;
}

/**
 * Makes sure that a project has valid certificates and returns them. What is good is kept, and then nothing is
 * written and no ASN.1 library is loaded. What is missing, damaged, mismatched, foreign or near its end is made
 * anew, by one process at a time.
 *
 * @throws JwtDevError ERR_CERTS_CLOCK, ERR_CERTS_UNREADABLE, ERR_CERTS_WRITE, ERR_CERTS_LOCKED,
 * ERR_FILE_WRITE, ERR_CONFIG_INVALID
 */
export async function ensureCertificates(input: EnsureInput): Promise<TlsMaterial> {
  refuseForeignNames(input);
  return input.mode === 'ca' ? ensureCa(input) : ensureSelfSigned(input);
}

async function ensureCa(input: EnsureInput): Promise<TlsMaterial> {
  const renew = input.renew ?? null;
  const state = await inspectCa(input, renew);
  const good = caMaterial(state, [], await repair(state, input.owner));
  if (good !== undefined) {
    await sweepCertificateLock(state.files.authority.lock, input);
    return good;
  }
  refuseImplausibleClock(input.now());
  return withCertificateLock(state.files.authority.lock, input, async () => {
    // Another process may have done the work while this one waited.
    const found = await inspectCa(input, renew);
    const issued = await issueCa(found, input);
    const made = await inspectCa(input, null);
    const material = caMaterial(made, issued, await repair(made, input.owner));
    if (material === undefined) throw notWritten(made.files.leaf.dir);
    return material;
  });
}

async function issueCa({ plans, files, pems }: CaState, input: EnsureInput): Promise<readonly Issued[]> {
  if (plans.authority.action === 'keep' && plans.leaf.action === 'keep') return [];
  const now = input.now();
  const issued: Issued[] = [];
  let authority = {
    intermediatePem: pems.intermediate.pem ?? '',
    intermediateKeyPem: pems.authorityKey.pem ?? '',
  };
  if (plans.authority.action === 'issue') {
    const { reason, file } = plans.authority;
    if (reason === 'clock') throw unusableAuthorityClock(files.authority.root, now);
    const { issueAuthority } = await import('./authority.ts');
    const made = await issueAuthority(input.site, now);
    await writeAuthority(files.authority, made, input.owner);
    authority = made;
    issued.push({ what: 'authority', reason, file });
  }
  const { issueLeaf } = await import('./leaf.ts');
  await writeLeaf(files.leaf, await issueLeaf(authority, input.hostnames, now), input.owner);
  const leafPlan =
    plans.leaf.action === 'issue' ? plans.leaf : { reason: 'authority-changed' as const, file: null };
  return [...issued, { what: 'leaf', reason: leafPlan.reason, file: leafPlan.file }];
}

/** Puts right what needs no new certificate: loose modes, and the leaf's file beside the chain's. */
async function repair(state: CaState, owner: Owner | null): Promise<readonly string[]> {
  const { files, leaf, pems } = state;
  const notes = await tighten([files.authority.dir, files.authority.key, files.leaf.key]);
  const [leafPem] = splitPem(pems.chain.pem ?? '');
  if (leaf.defect !== null || leafPem === undefined || pems.leaf.pem === leafPem) return notes;
  await writeCertificateFile(files.leaf.certificate, leafPem, owner);
  return [...notes, `${files.leaf.certificate} did not hold the certificate of the chain; it does again.`];
}

async function tighten(files: readonly string[]): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const file of files) {
    if (await tightenMode(file)) notes.push(`Others had access to ${file}; now only its owner has.`);
  }
  return notes;
}

async function ensureSelfSigned(input: EnsureInput): Promise<TlsMaterial> {
  const renew = input.renew ?? null;
  const state = await inspectSelfSigned(input, renew);
  const good = selfSignedMaterial(state, [], await tighten([state.files.key]));
  if (good !== undefined) {
    await sweepCertificateLock(state.files.lock, input);
    return good;
  }
  refuseImplausibleClock(input.now());
  return withCertificateLock(state.files.lock, input, async () => {
    const { plan, files } = await inspectSelfSigned(input, renew);
    const issued: Issued[] = [];
    if (plan.action === 'issue') {
      const { issueSelfSigned } = await import('./self-signed.ts');
      await writeSelfSigned(files, await issueSelfSigned(input.hostnames, input.now()), input.owner);
      issued.push({ what: 'self-signed', reason: plan.reason, file: plan.file });
    }
    const material = selfSignedMaterial(await inspectSelfSigned(input, null), issued, []);
    if (material === undefined) throw notWritten(files.dir);
    return material;
  });
}

function refuseForeignNames({ site, hostnames }: CertificateRequest): void {
  const foreign = hostnames.filter((name) => name !== site && !name.endsWith(`.${site}`));
  if (foreign.length === 0 && hostnames.length > 0) return;
  throw new JwtDevError(
    'ERR_CONFIG_INVALID',
    foreign.length === 0
      ? `There is no host name to make a certificate for.`
      : `The CA of ${site} cannot sign for ${foreign.join(', ')}.`,
    { hint: `Use host names that are ${site} or end in .${site}.` },
  );
}

function notWritten(dir: string): JwtDevError {
  return new JwtDevError(
    'ERR_CERTS_WRITE',
    `The certificates in ${dir} are not what was just written there.`,
    {
      hint: 'Another program may write to the same directory. Run the command again.',
    },
  );
}
