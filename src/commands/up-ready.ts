import { allHosts, type Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import type { RunningEnvironment } from '../environment/start.ts';
import { originOf } from '../environment/urls.ts';
import type { Output } from '../output.ts';
import { upstreamText } from './upstream-text.ts';

/** What scripts wait for: one line of JSON once every part accepts requests. */
export interface ReadyLine {
  readonly event: 'ready';
  readonly version: string;
  readonly pid: number;
  readonly mode: 'hosts';
  readonly frontend: string;
  readonly api: string;
  readonly httpsPort: number;
  readonly httpPort: number | null;
  readonly caFile: string;
  readonly users: RunningEnvironment['users'];
}

export function readyLine(
  environment: RunningEnvironment,
  context: Pick<Context, 'version' | 'pid'>,
): ReadyLine {
  const { frontend, api, httpsPort, httpPort, caFile, users } = environment;
  return {
    event: 'ready',
    version: context.version,
    pid: context.pid,
    mode: 'hosts',
    frontend,
    api,
    httpsPort,
    httpPort,
    caFile,
    users,
  };
}

/** The same for people: where to go, who can log in, what to trust. */
export function readyText(
  environment: RunningEnvironment,
  config: Config,
  output: Pick<Output, 'style'>,
): string {
  const rows = allHosts(config).map(
    (host, index): Row => [
      index === 0 ? 'Frontend' : index === 1 ? 'API' : 'Host',
      output.style('cyan', originOf(host.hostname, environment.httpsPort)),
      upstreamText(host, index === 1),
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
    '',
    '  Ctrl-C stops it.',
    '',
  ].join('\n');
}

type Row = readonly [label: string, value: string, note: string];
