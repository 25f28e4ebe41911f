import { JwtDevError } from '../errors.ts';
import type { Check } from './check.ts';
import { API_CORS_CHECKS } from './checks/api-cors.ts';
import { API_SESSION_CHECKS } from './checks/api-session.ts';
import { CERTIFICATE_CHECKS } from './checks/certificates.ts';
import { ENVIRONMENT_CHECKS } from './checks/environment.ts';
import { HOSTS_CHECKS } from './checks/hosts.ts';
import { NAME_CHECKS } from './checks/names.ts';
import { PORT_CHECKS } from './checks/ports.ts';
import { REACH_CHECKS } from './checks/reach.ts';
import { RUNNING_CHECKS } from './checks/running.ts';
import { STATE_CHECKS } from './checks/state.ts';
import { TRUST_CHECKS } from './checks/trust.ts';
import { UPSTREAM_CHECKS } from './checks/upstreams.ts';
import { createGet } from './facts/readers.ts';
import type { DoctorWorld, Finding } from './types.ts';

/** All checks in the order in which their findings are given: names, ports, certificates, clock, variables. */
export const CHECKS: readonly Check[] = [
  ...RUNNING_CHECKS,
  NAME_CHECKS.loopback,
  NAME_CHECKS.elsewhere,
  NAME_CHECKS.spaces,
  ...HOSTS_CHECKS,
  ...REACH_CHECKS,
  ENVIRONMENT_CHECKS.proxyVariables,
  NAME_CHECKS.domain,
  NAME_CHECKS.sameSite,
  PORT_CHECKS.free,
  PORT_CHECKS.permission,
  PORT_CHECKS.addresses,
  UPSTREAM_CHECKS.reachable,
  UPSTREAM_CHECKS.hostAccepted,
  PORT_CHECKS.loop,
  ...STATE_CHECKS,
  CERTIFICATE_CHECKS.chain,
  ...TRUST_CHECKS,
  ENVIRONMENT_CHECKS.extraCa,
  ENVIRONMENT_CHECKS.rejectUnauthorized,
  CERTIFICATE_CHECKS.constraints,
  UPSTREAM_CHECKS.hsts,
  CERTIFICATE_CHECKS.clock,
  ENVIRONMENT_CHECKS.variables,
];

/** What `--api` asks a backend, in its order: CORS, then one session. */
export const API_CHECKS: readonly Check[] = [...API_CORS_CHECKS, ...API_SESSION_CHECKS];

/**
 * The checks that `--only` names; null: all, of the machine or (with `--api`) of the API.
 * @throws JwtDevError ERR_USAGE for an id that there is not.
 */
export function selectChecks(only: string | null, withApi = false): readonly Check[] {
  if (only === null) return withApi ? API_CHECKS : CHECKS;
  const wanted = new Set(only.split(/[\s,]+/).flatMap((id) => (id === '' ? [] : [id.toUpperCase()])));
  const known = withApi ? [...CHECKS, ...API_CHECKS] : CHECKS;
  const unknown = [...wanted].filter((id) => !known.some((check) => check.id === id));
  if (unknown.length > 0 || wanted.size === 0) {
    const needsApi = unknown.filter((id) => API_CHECKS.some((check) => check.id === id));
    throw new JwtDevError(
      'ERR_USAGE',
      wanted.size === 0
        ? '--only names no check'
        : needsApi.length === unknown.length
          ? `${needsApi.join(', ')} is asked of an API, and none was named`
          : `There is no check ${unknown.join(', ')}`,
      {
        hint:
          needsApi.length > 0 && needsApi.length === unknown.length
            ? `jwt-dev doctor --only ${[...wanted].join(',')} --api https://api.example.com`
            : `The checks are: ${[...CHECKS, ...API_CHECKS].map(({ id }) => id).join(', ')}`,
      },
    );
  }
  return known.filter(({ id }) => wanted.has(id));
}

/** Looks at everything that the checks need, each fact once, and gives one finding per check, in their order. */
export function examine(world: DoctorWorld, checks: readonly Check[]): Promise<readonly Finding[]> {
  const get = createGet(world);
  return Promise.all(checks.map((check) => check.run(get)));
}
