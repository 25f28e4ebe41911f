import { readFile } from 'node:fs/promises';
import { JwtDevError } from '../../errors.ts';
import type { InstancesFacts } from '../facts/instance.ts';
import type { ProbeTarget } from '../facts/probe.ts';
import type { ApiWish, DoctorWorld } from '../types.ts';

/** An API to be asked, and how its requests get there. */
export interface ApiTarget {
  /** As browsers know it: `https://api.example.com`. */
  readonly origin: string;
  /** Begins and ends with a slash: `/auth/`. */
  readonly basePath: string;
  /** The page that is supposed to use it. */
  readonly pageOrigin: string;
  readonly way: Pick<ProbeTarget, 'secure' | 'address' | 'port' | 'authority' | 'proxy' | 'ca'>;
  /** What our proxy would add; empty where the request goes through it, or to a server of its own. */
  readonly headers: Readonly<Record<string, string>>;
  /** How it is asked, for the reader. */
  readonly said: string;
}

/**
 * Where `--api` leads. The configuration's own API is asked through the running environment, a plain http server of
 * this machine as our proxy would ask it, anything else as it stands.
 * @throws JwtDevError ERR_USAGE for what must not be asked: a password never goes out over plain http, and under our
 * names only to our own environment (without the hosts entry they belong to somebody else).
 */
export async function findApi(
  { url, login }: ApiWish,
  { config, typed }: Pick<DoctorWorld, 'config' | 'typed'>,
  { running }: Pick<InstancesFacts, 'running'>,
): Promise<ApiTarget> {
  const facts = running?.facts ?? null;
  const ours = new URL(facts?.api ?? `https://${config.api.hostname}`);
  const wanted = url === null ? ours : parseUrl(url);
  const common = {
    basePath: wanted.pathname === '/' ? config.auth.basePath : `${wanted.pathname.replace(/\/$/, '')}/`,
    pageOrigin: facts?.frontend ?? `https://${config.frontend.hostname}`,
  };
  if (wanted.hostname === ours.hostname) {
    if (facts === null) {
      throw new JwtDevError(
        'ERR_USAGE',
        `${wanted.hostname} is asked through the environment, which does not run`,
        {
          hint: `Start it: ${typed} up. A server of your own is asked directly with --api http://127.0.0.1:PORT`,
        },
      );
    }
    return {
      ...common,
      origin: ours.origin,
      way: {
        secure: true,
        address: facts.proxy === null ? facts.address : ours.hostname,
        port: facts.httpsPort,
        authority: ours.host,
        proxy: facts.proxy,
        ca: [await readFile(facts.caFile, 'utf8')],
      },
      headers: {},
      said: `${ours.origin}, through the running environment`,
    };
  }
  const port = wanted.port === '' ? (wanted.protocol === 'https:' ? 443 : 80) : Number(wanted.port);
  const address = wanted.hostname.replace(/^\[|\]$/g, '');
  if (wanted.protocol === 'https:') {
    const way = { secure: true, address, port, authority: wanted.host, proxy: null, ca: [] };
    return { ...common, origin: wanted.origin, way, headers: {}, said: wanted.origin };
  }
  if (!/^(localhost|127(\.\d+){3}|::1)$/.test(address)) {
    throw new JwtDevError('ERR_USAGE', `${wanted.origin} is plain http on another machine`, {
      hint:
        login === null
          ? 'Cookies with Secure do not work there. Give its https URL.'
          : 'The password would go out unencrypted. Give its https URL.',
    });
  }
  return {
    ...common,
    origin: `https://${config.api.hostname}`,
    way: { secure: false, address, port, authority: config.api.hostname, proxy: null },
    headers: {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': config.api.hostname,
      'x-forwarded-port': '443',
      'x-forwarded-for': '127.0.0.1',
    },
    said: `${wanted.origin}, as the proxy asks it for https://${config.api.hostname}`,
  };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fits =
    url !== null && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.search === '';
  if (fits) return url;
  throw new JwtDevError('ERR_USAGE', `--api needs a URL without user, password and query, not "${text}"`, {
    hint: 'For example: --api https://api.example.com, or --api http://127.0.0.1:8000/auth/',
  });
}
