import { randomBytes } from 'node:crypto';
import { IDENTITY_PATH, isProofOf } from '../../control/identity.ts';
import type { InstanceFacts } from '../../control/types.ts';
import type { DoctorWorld } from '../types.ts';
import type { CertificatesFacts } from './certificates.ts';
import type { InstancesFacts } from './instance.ts';
import type { ResolvedName } from './names.ts';
import type { ProbeAnswer } from './probe.ts';

/** Who answered at one address of a name. */
export interface ReachFact {
  readonly hostname: string;
  /** The address, or the forward proxy. */
  readonly by: string;
  /** `intercepted`: it is we, but the certificate on the way is another one. */
  readonly outcome: 'ours' | 'intercepted' | 'another' | 'silent';
  /** What was seen, as half a sentence. */
  readonly detail: string;
}

/** Asks every address that each name has for a proof. null: there is no running environment to compare with. */
export async function readReach(
  world: DoctorWorld,
  names: readonly ResolvedName[],
  { running }: InstancesFacts,
  { leafFingerprint256 }: Pick<CertificatesFacts, 'leafFingerprint256'>,
): Promise<readonly ReachFact[] | null> {
  if (running === null || running.facts === null) return null;
  const { secret, facts } = running;
  return Promise.all(
    waysTo(names, facts).map(async ({ hostname, address, proxy }): Promise<ReachFact> => {
      const nonce = randomBytes(24).toString('base64url');
      const answer = await world.probe({
        secure: true,
        address,
        port: facts.httpsPort,
        authority: proxy === null && facts.httpsPort !== 443 ? `${hostname}:${facts.httpsPort}` : hostname,
        path: `${IDENTITY_PATH}?nonce=${nonce}`,
        proxy,
      });
      const by = proxy === null ? `${address} port ${facts.httpsPort}` : `the forward proxy ${proxy}`;
      return { hostname, by, ...recognise(answer, { nonce, secret, leafFingerprint256 }) };
    }),
  );
}

function waysTo(
  names: readonly ResolvedName[],
  { proxy, hostnames }: InstanceFacts,
): readonly { readonly hostname: string; readonly address: string; readonly proxy: string | null }[] {
  if (proxy !== null) return hostnames.map((hostname) => ({ hostname, address: hostname, proxy }));
  return names.flatMap(({ hostname, addresses }) =>
    addresses.map((address) => ({ hostname, address, proxy: null })),
  );
}

/** Who gave an answer. Pure. */
export function recognise(
  answer: ProbeAnswer,
  expected: {
    readonly nonce: string;
    readonly secret: string;
    readonly leafFingerprint256: string | null;
  },
): Pick<ReachFact, 'outcome' | 'detail'> {
  if (answer.kind === 'silent') return { outcome: 'silent', detail: answer.why };
  if (!isProofOf(proofIn(answer.body), expected.nonce, expected.secret)) {
    const server = answer.headers['server'];
    const who = server === undefined ? '' : `, which calls itself ${server.slice(0, 60)}`;
    return { outcome: 'another', detail: `another server answers with ${answer.status}${who}` };
  }
  const { leafFingerprint256 } = expected;
  if (leafFingerprint256 !== null && answer.fingerprint256 !== leafFingerprint256) {
    return {
      outcome: 'intercepted',
      detail: 'this environment answers, but with a certificate that is not ours',
    };
  }
  return { outcome: 'ours', detail: 'this environment, proved by its secret' };
}

function proofIn(body: string): unknown {
  try {
    const value = JSON.parse(body) as { readonly proof?: unknown } | null;
    return value?.proof;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
