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
  /** null: rootless mode does not touch it. */
  readonly hostsFile: Pick<HostsReport, 'file' | 'changes' | 'conflicts'> | null;
}

/** Reads what `up` would read and changes nothing. */
export async function planUp(config: Config, context: Context): Promise<UpPlan> {
  return {
    file: config.file,
    hosts: allHosts(config).map((host, index) => ({
      hostname: host.hostname,
      upstream: upstreamText(host.upstream, index === 1),
    })),
    listen: config.listen,
    certificates: await planCertificates(config, context),
    hostsFile: config.listen.rootless ? null : await planHostsFile(config, context),
  };
}

async function planHostsFile(
  config: Config,
  context: Context,
): Promise<Pick<HostsReport, 'file' | 'changes' | 'conflicts'>> {
  const { inspectHosts } = await import('../hosts/apply.ts');
  const { hostsRequest, hostsWorld } = await import('./hosts-world.ts');
  const { file, changes, conflicts } = await inspectHosts(hostsRequest(config), hostsWorld(context));
  return { file, changes, conflicts };
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
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['Configuration', [plan.file ?? 'none: the defaults']],
    ['Hosts', plan.hosts.map(({ hostname, upstream }) => `${hostname} -> ${upstream}`)],
    ['Listen on', listenLines(plan.listen)],
    [
      'Certificates',
      plan.certificates.map(({ what, action, reason }) =>
        reason === null ? `${action} ${what}` : `${action} ${what} (${reason})`,
      ),
    ],
    ...(plan.hostsFile === null ? [] : [hostsSection(plan.hostsFile)]),
  ];
  return sections.flatMap(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)]).join('\n');
}

function hostsSection({
  file,
  changes,
  conflicts,
}: NonNullable<UpPlan['hostsFile']>): readonly [title: string, lines: readonly string[]] {
  return [
    file,
    [
      ...changes.map(({ kind, address, hostname }) => `${kind} ${address} ${hostname}`),
      ...conflicts.map(({ line, hostname, found }) => `conflict: line ${line} maps ${hostname} to ${found}`),
    ],
  ];
}

function listenLines(listen: Config['listen']): readonly string[] {
  const port = (value: number | null): string =>
    value === null ? 'none' : value === 0 ? 'any free port' : String(value);
  const { addresses, httpsPort, httpPort, proxyPort } = listen;
  const own = `${addresses.join(', ')}; https: ${port(httpsPort)}, http: ${port(httpPort)}`;
  if (listen.rootless) {
    return [own, `rootless: forward proxy on loopback, ${port(proxyPort)}; no hosts entries`];
  }
  const fallback = listen.strictPort ? 'an error' : FALLBACK_TEXT[listen.fallback];
  return [own, `where a port needs a privilege that this user lacks: ${fallback}`];
}

const FALLBACK_TEXT = {
  ask: 'asks in a terminal, else an error',
  ports: 'other ports',
  rootless: 'rootless mode',
} as const satisfies Record<Config['listen']['fallback'], string>;
