import { readOverlays } from '../../config/overrides.ts';
import { defineCheck } from '../check.ts';
import { command } from '../facts/project.ts';
import type { Facts } from '../facts/readers.ts';
import { ok, type Verdict } from '../types.ts';

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'] as const;

/** N8: curl, Python, Go and others leave the names to a proxy that does not know them. */
export function judgeProxyVariables({ project, instances }: Pick<Facts, 'project' | 'instances'>): Verdict {
  const { env, hostnames } = project;
  const own = instances.running?.facts?.proxy ?? null;
  const set = PROXY_VARIABLES.flatMap((name) => {
    const value = env[name] ?? '';
    return value === '' || isSameOrigin(value, own) ? [] : [{ name, value }];
  });
  if (set.length === 0) {
    return ok(
      'no proxy variable is set (a PAC file or a proxy in the settings of the system cannot be seen here)',
    );
  }
  const noProxy = `${env['NO_PROXY'] ?? ''},${env['no_proxy'] ?? ''}`;
  const exposed = hostnames.filter((hostname) => !isExempt(hostname, noProxy));
  const evidence = set.map(({ name, value }) => `${name}=${withoutPassword(value)}`);
  if (exposed.length === 0) return ok(...evidence, 'NO_PROXY exempts our names');
  return {
    status: 'warn',
    evidence: [...evidence, `NO_PROXY does not exempt ${exposed.join(', ')}`],
    cause: 'Programs that obey these variables ask the proxy for our names instead of this machine.',
    fix: `export NO_PROXY="\${NO_PROXY:+$NO_PROXY,}${project.config.site},.${project.config.site}"`,
  };
}

/** As curl and Go read it: a name covers itself and what is below it; `*` covers everything. */
export function isExempt(hostname: string, noProxy: string): boolean {
  return noProxy
    .split(/[\s,]+/)
    .map((entry) =>
      entry
        .toLowerCase()
        .replace(/^\*?\./, '')
        .replace(/:\d+$/, ''),
    )
    .some(
      (entry) => entry === '*' || (entry !== '' && (hostname === entry || hostname.endsWith(`.${entry}`))),
    );
}

function isSameOrigin(value: string, own: string | null): boolean {
  return own !== null && value.replace(/\/$/, '') === own.replace(/\/$/, '');
}

function withoutPassword(value: string): string {
  return value.replace(/\/\/[^@/]*@/, '//…@');
}

/** T4: server-side rendering and scripts call the API from Node, which has a list of CAs of its own. */
export function judgeExtraCa({
  nodeSettings,
  certificates,
  project,
}: Pick<Facts, 'nodeSettings' | 'certificates' | 'project'>): Verdict {
  const { caFile, caPem } = certificates;
  const evidence = nodeSettings.map(({ who, extraCa, extraCaFile }) =>
    extraCa === 'unset' ? `${who}: not set` : `${who}: ${extraCaFile} ${CONTENT[extraCa]}`,
  );
  const wrong = nodeSettings.filter(({ extraCa }) => extraCa === 'lacks ours' || extraCa === 'unreadable');
  if (wrong.length > 0 && caPem !== null) {
    return {
      status: 'warn',
      evidence,
      cause: 'Node programs with this setting still refuse our certificate.',
      // Somebody else's CAs are in there for a reason.
      fix: wrong.some(({ extraCa }) => extraCa === 'lacks ours')
        ? `${command(project, 'exec')} -- your-command (gives it both CAs), or append ${caFile} to that file`
        : `export NODE_EXTRA_CA_CERTS=${caFile}`,
    };
  }
  return nodeSettings.every(({ extraCa }) => extraCa === 'holds ours')
    ? ok(...evidence)
    : ok(
        ...evidence,
        `Node programs that call the API need: NODE_EXTRA_CA_CERTS="$(${command(project, 'certs --path')})"`,
      );
}

const CONTENT = {
  'holds ours': 'holds our CA',
  'lacks ours': 'does not hold our CA',
  unreadable: 'cannot be read',
} as const;

/** T5 */
export function judgeRejectUnauthorized({ nodeSettings }: Pick<Facts, 'nodeSettings'>): Verdict {
  const off = nodeSettings.filter(({ rejectUnauthorized }) => rejectUnauthorized === '0');
  if (off.length === 0) return ok(...nodeSettings.map(({ who }) => `${who}: certificates are checked`));
  return {
    status: 'fail',
    evidence: off.map(({ who }) => `${who}: NODE_TLS_REJECT_UNAUTHORIZED=0`),
    cause:
      'Node checks no certificate at all, also of servers on the internet, and hides what is wrong here.',
    fix: 'unset NODE_TLS_REJECT_UNAUTHORIZED, and set NODE_EXTRA_CA_CERTS instead (T4)',
  };
}

/** Beside the settings of overrides.ts. */
const OTHER_VARIABLES: Readonly<Record<string, string>> = {
  JWT_DEV_CONFIG: 'names the configuration file',
  JWT_DEV_HOME: "moves jwt-dev's own files",
  JWT_DEV_INSTANCE: 'chooses the environment',
};

/** E1: what is set and forgotten explains many surprises. Never wrong by itself. */
export function judgeVariables({ project: { env } }: Pick<Facts, 'project'>): Verdict {
  const settings = readOverlays({}, env).map(
    ({ label, path }) => `${label}=${env[label]} overrides ${path.join('.')}`,
  );
  const others = Object.entries(OTHER_VARIABLES).flatMap(([name, effect]) => {
    const value = env[name] ?? '';
    return value === '' ? [] : [`${name}=${value} ${effect}`];
  });
  const found = [...settings, ...others];
  return ok(...(found.length === 0 ? ['none is set'] : found));
}

export const ENVIRONMENT_CHECKS = {
  proxyVariables: defineCheck({
    id: 'N8',
    title: 'No proxy setting takes our names away',
    docs: 'trouble',
    needs: ['project', 'instances'],
    judge: judgeProxyVariables,
  }),
  extraCa: defineCheck({
    id: 'T4',
    title: 'Node knows the CA (NODE_EXTRA_CA_CERTS)',
    docs: 'certificates',
    needs: ['nodeSettings', 'certificates', 'project'],
    judge: judgeExtraCa,
  }),
  rejectUnauthorized: defineCheck({
    id: 'T5',
    title: 'Node checks certificates (NODE_TLS_REJECT_UNAUTHORIZED)',
    docs: 'certificates',
    needs: ['nodeSettings'],
    judge: judgeRejectUnauthorized,
  }),
  variables: defineCheck({
    id: 'E1',
    title: 'Variables that override the configuration',
    docs: 'trouble',
    needs: ['project'],
    judge: judgeVariables,
  }),
};
