import { allHosts, type Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { certificateRequest } from '../environment/certificate-request.ts';
import type { HostsReport } from '../hosts/request.ts';
import { upstreamText } from './upstream-text.ts';

/** What `up` would do, for `--dry-run`. */
export interface UpPlan {
  readonly file: string | null;
  readonly hosts: readonly { readonly hostname: string; readonly upstream: string }[];
  readonly listen: Config['listen'];
  readonly certificates: readonly {
    readonly what: string;
    readonly action: 'keep' | 'issue';
    readonly reason: string | null;
  }[];
  readonly hostsFile: Pick<HostsReport, 'file' | 'changes' | 'conflicts'>;
}

/** Reads what `up` would read and changes nothing. */
export async function planUp(config: Config, context: Context): Promise<UpPlan> {
  const { inspectHosts } = await import('../hosts/apply.ts');
  const { hostsRequest, hostsWorld } = await import('./hosts-world.ts');
  const { file, changes, conflicts } = await inspectHosts(hostsRequest(config), hostsWorld(context));
  return {
    file: config.file,
    hosts: allHosts(config).map((host, index) => ({
      hostname: host.hostname,
      upstream: upstreamText(host, index === 1),
    })),
    listen: config.listen,
    certificates: await planCertificates(config, context),
    hostsFile: { file, changes, conflicts },
  };
}

async function planCertificates(config: Config, context: Context): Promise<UpPlan['certificates']> {
  const { inspectCa, inspectSelfSigned } = await import('../certs/inspect.ts');
  const request = certificateRequest(config, context);
  if (config.tls.mode === 'self-signed') {
    return [describe('self-signed certificate', (await inspectSelfSigned(request, null)).plan)];
  }
  const { plans } = await inspectCa(request, null);
  return [describe('authority', plans.authority), describe('leaf', plans.leaf)];
}

function describe(
  what: string,
  plan: { readonly action: 'keep' } | { readonly action: 'issue'; readonly reason: string },
): UpPlan['certificates'][number] {
  return { what, action: plan.action, reason: plan.action === 'issue' ? plan.reason : null };
}

/** The same for people: one titled paragraph for each part. */
export function formatUpPlan(plan: UpPlan): string {
  const { httpsPort, httpPort, addresses } = plan.listen;
  const port = (value: number | null): string =>
    value === null ? 'none' : value === 0 ? 'any free port' : String(value);
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Configuration', [plan.file ?? 'none: the defaults']],
    ['Hosts', plan.hosts.map(({ hostname, upstream }) => `${hostname} -> ${upstream}`)],
    ['Listen on', [`${addresses.join(', ')}; https: ${port(httpsPort)}, http: ${port(httpPort)}`]],
    [
      'Certificates',
      plan.certificates.map(({ what, action, reason }) =>
        reason === null ? `${action} ${what}` : `${action} ${what} (${reason})`,
      ),
    ],
    [
      plan.hostsFile.file,
      [
        ...plan.hostsFile.changes.map(({ kind, address, hostname }) => `${kind} ${address} ${hostname}`),
        ...plan.hostsFile.conflicts.map(
          ({ line, hostname, found }) => `conflict: line ${line} maps ${hostname} to ${found}`,
        ),
      ],
    ],
  ];
  return sections.flatMap(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)]).join('\n');
}
