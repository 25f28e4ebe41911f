import type { InstanceFacts } from '../../control/types.ts';
import { prepareClient } from '../client.ts';
import type { VerifyWorld } from './types.ts';

/** What `exec` sets so that a client trusts the CA. */
const TRUST = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'] as const;
/** What it sets so that Node clients find the names, which this machine's own resolver is to do here. */
const NAMES = ['JWT_DEV_REROUTE', 'NODE_OPTIONS'] as const;

/**
 * The environment of the clients' processes: that of `exec`, but for what would hide a fault. Where clients come by the
 * machine's own names, Node does too; with `--system-trust` each has the trust that it would have without us.
 */
export async function clientEnvironment(
  facts: InstanceFacts,
  { systemTrust }: { readonly systemTrust: boolean },
  world: Pick<VerifyWorld, 'env' | 'owner' | 'config'>,
): Promise<Record<string, string>> {
  const { env } = await prepareClient(facts, { ...world, stateDir: world.config.stateDir });
  const own = [...(systemTrust ? TRUST : []), ...(facts.mode === 'hosts' ? NAMES : [])];
  const kept = { ...env, ...Object.fromEntries(own.map((name) => [name, world.env[name]])) };
  return Object.fromEntries(
    Object.entries(kept).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
