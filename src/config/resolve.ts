import { isIPv6 } from 'node:net';
import path from 'node:path';
import { JwtDevError } from '../errors.ts';
import { authProblems, resolveAuth } from './auth.ts';
import * as defaults from './defaults.ts';
import { type ConfigOverrides, labelOf, layOver, readOverlays } from './overrides.ts';
import { findProblems, formatPath, type Problem } from './problems.ts';
import type { UserConfig } from './schema.ts';
import { canonicalHostname, isPublicDomain, siteOf, siteWarnings } from './site.ts';
import {
  allHosts,
  allUpstreams,
  type Config,
  type HostConfig,
  type ListenConfig,
  type UpstreamConfig,
} from './types.ts';

export type { ConfigOverrides } from './overrides.ts';

export interface ResolveInput {
  /** The parsed file, or undefined where there is none. */
  readonly raw: unknown;
  readonly file: string | null;
  readonly projectDir: string;
  readonly stateDir: string;
  readonly defaultHostsFile: string;
  readonly overrides: ConfigOverrides;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Resolved {
  readonly config: Config;
  /** What works but will surprise. */
  readonly warnings: readonly string[];
}

/**
 * Flags over environment over file over defaults, checked as a whole.
 * @throws JwtDevError ERR_CONFIG_INVALID with every mistake in `details`.
 */
export function resolveConfig(input: ResolveInput): Resolved {
  const overlays = readOverlays(input.overrides, input.env);
  const raw = layOver(input.raw ?? {}, overlays);
  const report = (problems: readonly Problem[]): void => {
    if (problems.length === 0) return;
    const labels = problems.map(({ path }) => labelOf(path, overlays));
    const details = problems.map(
      ({ path, message }, index) => `${labels[index] ?? (formatPath(path) || 'the file')}: ${message}`,
    );
    throw new JwtDevError('ERR_CONFIG_INVALID', headline(input.file, labels), {
      details,
      hint: 'Correct it and run the command again; the README lists every key ("Configuration").',
    });
  };
  report(findProblems(raw));
  // findProblems accepted it, so it has this type.
  const user = raw as UserConfig;
  const config = build(user, input);
  report([
    ...hostProblems(user),
    ...siteProblems(user, config),
    ...portProblems(config),
    ...authProblems(config.auth, config.api.hostname),
  ]);
  return {
    config,
    warnings: [
      ...new Set(allHosts(config).flatMap((host) => siteWarnings(siteOf(host.hostname) ?? host.hostname))),
      ...addressWarnings(config.listen.addresses),
    ],
  };
}

/** @param labels the flag or variable that each mistake came from; undefined: the file. */
function headline(file: string | null, labels: readonly (string | undefined)[]): string {
  const places = new Set(
    labels.map((label) => {
      if (label === undefined) return file ?? 'The configuration';
      return label.startsWith('--') ? 'The command line' : 'The environment';
    }),
  );
  const [place = 'The configuration'] = places.size === 1 ? places : [];
  return `${place} has ${labels.length === 1 ? 'a mistake' : `${labels.length} mistakes`}`;
}

function build(user: UserConfig, input: ResolveInput): Config {
  const frontend = toHost(user.frontend, defaults.DEFAULT_FRONTEND_HOST, input.projectDir);
  const site = siteOf(frontend.hostname) ?? frontend.hostname;
  return {
    projectDir: input.projectDir,
    file: input.file,
    stateDir: input.stateDir,
    site,
    frontend,
    api: toHost(user.api, defaultApiHost(frontend.hostname), input.projectDir),
    extraHosts: (user.extraHosts ?? []).map((entry) => toHost(entry, entry.host, input.projectDir)),
    listen: toListen(user.listen ?? {}),
    tls: { mode: user.tls?.mode ?? 'ca' },
    hosts: {
      file:
        user.hosts?.file === undefined
          ? input.defaultHostsFile
          : path.resolve(input.projectDir, user.hosts.file),
      addresses: user.hosts?.addresses ?? defaults.DEFAULT_ADDRESSES,
      apply: user.hosts?.apply ?? false,
      lease: user.hosts?.lease ?? false,
    },
    findings: {
      silence: user.findings?.silence ?? [],
      // The real site would get the cookie too, once the names lead there again.
      canary: user.findings?.canary ?? !isPublicDomain(site),
    },
    inspector: {
      enabled: user.inspector?.enabled ?? true,
      capacity: user.inspector?.capacity ?? defaults.DEFAULT_INSPECTOR_CAPACITY,
    },
    auth: resolveAuth(user.auth ?? {}, input.projectDir, input.stateDir),
  };
}

function toListen(listen: NonNullable<UserConfig['listen']>): ListenConfig {
  const rootless = listen.rootless ?? false;
  // Rootless clients come through the forward proxy: the port behind it may be any, and needs no redirect.
  const httpsPort = rootless ? 0 : defaults.DEFAULT_HTTPS_PORT;
  const httpPort = rootless ? null : defaults.DEFAULT_HTTP_PORT;
  return {
    httpsPort: listen.httpsPort ?? httpsPort,
    httpPort: listen.httpPort === undefined ? httpPort : listen.httpPort,
    addresses: [...new Set((listen.addresses ?? defaults.DEFAULT_ADDRESSES).map(canonicalAddress))],
    strictPort: listen.strictPort ?? false,
    fallback: listen.fallback ?? 'ask',
    rootless,
    proxyPort: listen.proxyPort ?? 0,
  };
}

/** Only the frontend named: the API is its "api" subdomain, as in the pattern. */
function defaultApiHost(frontendHost: string): string {
  return `api.${frontendHost}`;
}

type HostEntry = NonNullable<UserConfig['frontend']>;

function toHost(entry: HostEntry | undefined, fallbackHost: string, projectDir: string): HostConfig {
  const short = typeof entry !== 'object' || 'directory' in entry || 'command' in entry || 'url' in entry;
  const long = short ? { upstream: entry, paths: undefined } : entry;
  const written = ('host' in long ? long.host : undefined) ?? fallbackHost;
  const canonical = canonicalHostname(written);
  return {
    hostname: 'hostname' in canonical ? canonical.hostname : written,
    upstream: toUpstream(long.upstream ?? 'bundled', projectDir),
    paths: Object.entries(long.paths ?? {})
      .map(([prefix, upstream]) => ({
        prefix: prefix.replace(/\/+$/, ''),
        upstream: toUpstream(upstream, projectDir),
      }))
      .toSorted((a, b) => b.prefix.length - a.prefix.length),
  };
}

function toUpstream(value: Exclude<HostEntry, { host?: unknown }>, projectDir: string): UpstreamConfig {
  if (value === 'bundled') return { kind: 'bundled' };
  if (typeof value === 'number') return { kind: 'port', port: value };
  if (typeof value === 'string') return { kind: 'url', url: value, caFile: null };
  if ('url' in value) return { kind: 'url', url: value.url, caFile: path.resolve(projectDir, value.ca) };
  if ('command' in value) {
    return {
      kind: 'command',
      command: value.command,
      port: value.port ?? null,
      cwd: path.resolve(projectDir, value.cwd ?? '.'),
      env: value.env ?? {},
    };
  }
  if ('directory' in value) {
    return { kind: 'static', directory: path.resolve(projectDir, value.directory), spa: value.spa ?? true };
  }
  return { kind: 'bundled' };
}

function hostProblems(user: UserConfig): readonly Problem[] {
  const named: [readonly PropertyKey[], unknown][] = [
    [['frontend', 'host'], user.frontend],
    [['api', 'host'], user.api],
    ...(user.extraHosts ?? []).map((entry, index): [readonly PropertyKey[], unknown] => [
      ['extraHosts', index, 'host'],
      entry,
    ]),
  ];
  return named.flatMap(([at, entry]) => {
    if (typeof entry !== 'object' || entry === null || !('host' in entry) || typeof entry.host !== 'string')
      return [];
    const canonical = canonicalHostname(entry.host);
    return 'wrong' in canonical ? [{ path: at, message: `"${entry.host}" ${canonical.wrong}` }] : [];
  });
}

function siteProblems(user: UserConfig, config: Config): readonly Problem[] {
  if (hostProblems(user).length > 0) return [];
  const hosts = allHosts(config);
  const at = (index: number): readonly PropertyKey[] =>
    index === 0 ? ['frontend', 'host'] : index === 1 ? ['api', 'host'] : ['extraHosts', index - 2, 'host'];
  const site = siteOf(config.frontend.hostname);
  if (site === null) {
    return [
      {
        path: at(0),
        message: `"${config.frontend.hostname}" is a public suffix or a single label, so no cookie can span it; use a name such as example.com`,
      },
    ];
  }
  return hosts.flatMap((host, index) => {
    const problems: Problem[] = [];
    if (hosts.findIndex((other) => other.hostname === host.hostname) < index) {
      problems.push({ path: at(index), message: `"${host.hostname}" is used twice` });
    }
    if (index > 0 && siteOf(host.hostname) !== site) {
      problems.push({
        path: at(index),
        message: `"${host.hostname}" is not the same site as "${config.frontend.hostname}" (${siteOf(host.hostname) ?? 'a public suffix'} and ${site}), so browsers would refuse its SameSite cookies; use a name below ${site}`,
      });
    }
    return problems;
  });
}

function portProblems(config: Config): readonly Problem[] {
  const { httpsPort, httpPort } = config.listen;
  const problems: Problem[] = [];
  if (httpPort !== null && httpPort !== 0 && httpPort === httpsPort) {
    problems.push({ path: ['listen', 'httpPort'], message: `${httpPort} is the https port too` });
  }
  for (const { host, prefix, upstream, at } of allUpstreams(config)) {
    if (prefix !== null && host.paths.findLast((path) => path.prefix === prefix)?.upstream !== upstream) {
      problems.push({ path: at, message: `"${prefix}" is used twice, with and without a final slash` });
    }
    const ownPort = 'port' in upstream && (upstream.port === httpsPort || upstream.port === httpPort);
    if (ownPort && upstream.port !== null) {
      problems.push({
        path: at,
        message: `${upstream.port} is our own port, so requests would go round in a circle`,
      });
    }
    if (upstream.kind === 'url' && !isOriginOnly(new URL(upstream.url))) {
      problems.push({ path: at, message: `"${upstream.url}" must be scheme, host and port only` });
    }
  }
  return problems;
}

function isOriginOnly(url: URL): boolean {
  return (
    url.pathname === '/' &&
    `${url.search}${url.hash}${url.username}${url.password}` === '' &&
    url.port !== '0'
  );
}

/** One way of writing an address, so that the same one is not listened on twice. */
function canonicalAddress(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

function addressWarnings(addresses: readonly string[]): readonly string[] {
  const open = addresses.filter((address) => address !== '::1' && !address.startsWith('127.'));
  if (open.length === 0) return [];
  return [
    `listen.addresses: ${open.join(', ')} can be reached from the network, with users whose passwords everybody knows. Keep to 127.0.0.1 and ::1 unless you mean it.`,
  ];
}
