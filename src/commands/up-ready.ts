import { allHosts, type Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import type { InstanceFacts } from '../control/types.ts';
import { originOf } from '../environment/urls.ts';
import type { Output } from '../output.ts';
import { upstreamText } from './upstream-text.ts';

/** What scripts wait for: one line of JSON once every part accepts requests. */
export interface ReadyLine extends InstanceFacts {
  readonly event: 'ready';
}

/** Of an environment, what other processes are told. */
export function factsOf(environment: InstanceFacts): InstanceFacts {
  const { version, pid, mode, frontend, api, control, inspector } = environment;
  const { proxy, address, httpsPort, httpPort } = environment;
  const { caFile, bundleFile, hostnames, users } = environment;
  return {
    version,
    pid,
    mode,
    frontend,
    api,
    control,
    inspector,
    proxy,
    address,
    httpsPort,
    httpPort,
    caFile,
    bundleFile,
    hostnames,
    users,
  };
}

export function readyLine(environment: InstanceFacts): ReadyLine {
  return { event: 'ready', ...factsOf(environment) };
}

/** The same for people: where to go, who can log in, what to trust. */
export function readyText(
  environment: InstanceFacts,
  config: Config,
  end: string,
  { output, self }: { readonly output: Pick<Output, 'style'>; readonly self: Pick<Context['self'], 'typed'> },
): string {
  const publicPort = Number(new URL(environment.frontend).port || 443);
  const rows = allHosts(config).map(
    (host, index): Row => [
      index === 0 ? 'Frontend' : index === 1 ? 'API' : 'Host',
      output.style('cyan', originOf(host.hostname, publicPort)),
      upstreamText(host.upstream, index === 1),
    ],
  );
  const users = environment.users.map(
    (user, index): Row => [index === 0 ? 'Log in' : '', `${user.username} / ${user.password}`, user.email],
  );
  const width = Math.max(...[...rows, ...users].map(([, value]) => value.length));
  const line = ([label, value, note]: Row): string =>
    `  ${output.style('bold', label.padEnd(9))}  ${value.padEnd(width)}  ${output.style('dim', note)}`.trimEnd();
  return [
    '',
    ...rows.map(line),
    ...users.map(line),
    line(['CA', environment.caFile, '']),
    ...(environment.inspector === null ? [] : [line(['Inspector', environment.inspector, ''])]),
    '',
    ...(environment.proxy === null ? [] : rootlessText(environment.proxy, environment, self.typed)),
    `  ${end}`,
    '',
  ].join('\n');
}

/** How each kind of client gets to names that lead nowhere without the proxy. */
function rootlessText(
  proxy: string,
  { frontend, caFile }: Pick<InstanceFacts, 'frontend' | 'caFile'>,
  typed: string,
): readonly string[] {
  return [
    `  Rootless: these names lead here only through the proxy ${proxy}`,
    `    a browser of its own   ${typed} open`,
    `    your own browser       automatic proxy configuration: ${proxy}/proxy.pac`,
    `    Playwright             use: { proxy: { server: '${proxy}' } }`,
    `    curl, Python, …        HTTPS_PROXY=${proxy} curl --cacert ${asArgument(caFile)} ${frontend}`,
    '',
  ];
}

/** A path as a shell takes it for one word. */
function asArgument(file: string): string {
  return /[^\w./~@:+-]/.test(file) ? `'${file.replaceAll("'", String.raw`'\''`)}'` : file;
}

type Row = readonly [label: string, value: string, note: string];
