import { describeIssued, needsTrustAnew } from '../certs/describe.ts';
import { ensureCertificates } from '../certs/ensure.ts';
import type { RenewalRequest } from '../certs/inspect.ts';
import type { TlsMaterial } from '../certs/material.ts';
import type { TrustWorld } from '../certs/trust/types.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { certificateRequest } from '../environment/certificate-request.ts';

/** A project's certificates, made where they are missing; says on stderr what was made and why. */
export async function ensureProjectCertificates(
  config: Config,
  context: Pick<Context, 'paths' | 'owner' | 'pid' | 'now' | 'output' | 'self'>,
  renew: RenewalRequest,
): Promise<TlsMaterial> {
  const material = await ensureCertificates({ ...certificateRequest(config, context), renew });
  for (const sentence of describeIssued(material.issued, config.site)) context.output.info(sentence);
  for (const note of material.notes) context.output.warn(note);
  if (needsTrustAnew(material.issued)) {
    const command = `${context.self.typed} trust`;
    context.output.warn(`Stores that trusted the old CA do not trust the new one. Run: ${command}`);
  }
  return material;
}

/** The machine as trust stores need it. */
export function trustWorld(
  context: Pick<Context, 'platform' | 'env' | 'homeDir' | 'run' | 'owner'>,
): TrustWorld {
  const { platform, env, homeDir, run, owner } = context;
  return { platform, env, homeDir, run, owner, root: '/' };
}
