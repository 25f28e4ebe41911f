import { stat } from 'node:fs/promises';
import { allUpstreams, type UpstreamConfig } from '../../config/types.ts';
import { errnoOf } from '../../errors.ts';
import type { DoctorWorld } from '../types.ts';
import type { InstancesFacts } from './instance.ts';
import { accepts } from './ports.ts';
import type { ProbeAnswer } from './probe.ts';

/** What stands behind one host or path of the configuration. */
export interface UpstreamFact {
  /** `example.com`, `example.com/api`. */
  readonly at: string;
  readonly hostname: string;
  readonly isFrontend: boolean;
  /** What was asked for. */
  readonly path: string;
  readonly upstream: UpstreamConfig;
  /** Where it listens; null: inside jwt-dev, or not known before it runs. */
  readonly place: {
    readonly hosts: readonly string[];
    readonly port: number;
    /** It speaks TLS itself. */
    readonly secure: boolean;
  } | null;
  /** The hosts of `place` on which it accepts connections. */
  readonly open: readonly string[];
  /** What it answers to GET / with the public host name; null: not asked. */
  readonly answer: ProbeAnswer | null;
  /** Of a static one: its directory is there. */
  readonly directoryExists: boolean;
}

export async function readUpstreams(
  world: DoctorWorld,
  { running }: InstancesFacts,
): Promise<readonly UpstreamFact[]> {
  return Promise.all(
    allUpstreams(world.config).map(async ({ host, prefix, upstream }): Promise<UpstreamFact> => {
      const place = placeOf(upstream, running !== null);
      const hosts = place?.hosts ?? [];
      const answers = await Promise.all(hosts.map((each) => accepts(each, place?.port ?? 0)));
      const open = hosts.filter((_, index) => answers[index] === true);
      const [address] = open;
      const path = prefix === null ? '/' : `${prefix}/`;
      return {
        at: `${host.hostname}${prefix ?? ''}`,
        hostname: host.hostname,
        isFrontend: host.hostname === world.config.frontend.hostname,
        path,
        upstream,
        place,
        open,
        answer:
          place === null || address === undefined
            ? null
            : await world.probe({
                secure: place.secure,
                address,
                port: place.port,
                authority: host.hostname,
                path,
                proxy: null,
              }),
        directoryExists: upstream.kind === 'static' && (await isDirectory(upstream.directory)),
      };
    }),
  );
}

/** @param isRunning a command's server only listens while the environment runs. */
function placeOf(upstream: UpstreamConfig, isRunning: boolean): UpstreamFact['place'] {
  if (upstream.kind === 'url') {
    const { hostname, port, protocol } = new URL(upstream.url);
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const secure = protocol === 'https:';
    return { hosts: [host], port: Number(port) || (secure ? 443 : 80), secure };
  }
  if (upstream.kind === 'port' || (upstream.kind === 'command' && isRunning)) {
    return upstream.port === null
      ? null
      : { hosts: ['127.0.0.1', '::1'], port: upstream.port, secure: false };
  }
  return null;
}

async function isDirectory(dir: string): Promise<boolean> {
  try {
    return (await stat(dir)).isDirectory();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'EACCES') return false;
    throw error;
  }
}
