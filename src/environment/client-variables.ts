import type { InstanceFacts } from '../control/types.ts';

/** A variable and its value; null: it must not be set. */
export type ClientVariables = Readonly<Record<string, string | null>>;

type Env = Readonly<Record<string, string | undefined>>;

/** Files that the variables name. Absolute paths. */
export interface ClientFiles {
  /** PEM: what Node trusts beside its own list. */
  readonly extraCaFile: string;
  /** PEM: the whole list of those whose setting replaces their own. */
  readonly bundleFile: string;
  /** `node-reroute.cjs` */
  readonly preloadFile: string;
}

/** What never goes through a proxy; Node's, Python's and curl's clients differ in whether they know it. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1'] as const;
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/**
 * The variables that set a client process up for a running environment: what to trust, where it is, how to reach it.
 * What the user has set is kept wherever a variable can hold both; asking again with the answer set changes nothing.
 *
 * Node clients are led by a preload in both modes: in rootless mode because Node's fetch knows no HTTPS_PROXY, and in
 * hosts mode so that they need no hosts entry.
 */
export function clientVariables(
  facts: Omit<InstanceFacts, 'users' | 'pid' | 'version' | 'inspector'>,
  env: Env,
  files: ClientFiles,
): ClientVariables {
  return {
    JWT_DEV_FRONTEND_URL: facts.frontend,
    JWT_DEV_API_URL: facts.api,
    JWT_DEV_CONTROL_URL: facts.control,
    JWT_DEV_REROUTE: JSON.stringify(rerouteFacts(facts)),
    NODE_EXTRA_CA_CERTS: files.extraCaFile,
    SSL_CERT_FILE: files.bundleFile,
    REQUESTS_CA_BUNDLE: files.bundleFile,
    CURL_CA_BUNDLE: files.bundleFile,
    NODE_OPTIONS: withPreload(env['NODE_OPTIONS'], files.preloadFile),
    ...proxyVariables(facts, env),
  };
}

/** The environment of a process with the variables set in it. */
export function withVariables(env: Env, variables: ClientVariables): Record<string, string> {
  const merged = Object.entries({ ...env, ...variables });
  return Object.fromEntries(
    merged.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** What `node-reroute.cts` reads. In hosts mode URLs carry the port that is listened on. */
function rerouteFacts({
  hostnames,
  mode,
  address,
  httpsPort,
  httpPort,
}: Pick<InstanceFacts, 'hostnames' | 'mode' | 'address' | 'httpsPort' | 'httpPort'>): object {
  const [https, http] = mode === 'rootless' ? [443, 80] : [httpsPort, httpPort];
  return {
    hostnames,
    address,
    ports: {
      [String(https)]: httpsPort,
      ...(httpPort === null ? {} : { [String(http)]: httpPort }),
    },
  };
}

/**
 * Node takes NODE_OPTIONS apart at spaces; in double quotes a space stays, and a backslash stands before what is meant
 * literally (nodejs.org/api/cli.html, "NODE_OPTIONS"). Without need nothing is quoted: some tools split it naively.
 */
function withPreload(options: string | undefined, file: string): string {
  const path = /[ "]/.test(file) ? `"${file.replaceAll(/["\\]/g, String.raw`\$&`)}"` : file;
  const preload = `--require ${path}`;
  if (options === undefined || options.trim() === '') return preload;
  return options.includes(preload) ? options : `${options} ${preload}`;
}

function proxyVariables(
  { proxy, hostnames }: Pick<InstanceFacts, 'proxy' | 'hostnames'>,
  env: Env,
): ClientVariables {
  const own = [env['NO_PROXY'], env['no_proxy']];
  if (proxy !== null) {
    const noProxy = mergedNoProxy(own, hostnames, LOOPBACK);
    return {
      JWT_DEV_PROXY: proxy,
      ...Object.fromEntries(PROXY_VARIABLES.map((name) => [name, proxy])),
      NO_PROXY: noProxy,
      no_proxy: noProxy,
    };
  }
  // What an earlier rootless environment has set in this shell leads nowhere any more.
  const former = env['JWT_DEV_PROXY'] ?? '';
  const stale =
    former === '' ? [] : ['JWT_DEV_PROXY', ...PROXY_VARIABLES.filter((name) => env[name] === former)];
  const unset = Object.fromEntries(stale.map((name) => [name, null]));
  const others = [...PROXY_VARIABLES, 'ALL_PROXY', 'all_proxy'].filter((name) => !stale.includes(name));
  if (others.every((name) => (env[name] ?? '') === '')) return unset;
  // A proxy of the user's own knows nothing of this machine's names.
  const noProxy = mergedNoProxy(own, hostnames, [...LOOPBACK, ...hostnames]);
  return { ...unset, NO_PROXY: noProxy, no_proxy: noProxy };
}

/**
 * The user's exceptions and ours. In rootless mode one that covers our names goes: without the proxy they lead elsewhere.
 */
function mergedNoProxy(
  own: readonly (string | undefined)[],
  hostnames: readonly string[],
  ours: readonly string[],
): string {
  const entries = own.flatMap((list) => (list ?? '').split(/[\s,]+/)).filter((entry) => entry !== '');
  const isOurs = (entry: string): boolean => hostnames.some((hostname) => covers(entry, hostname));
  const kept = ours.some(isOurs) ? entries : entries.filter((entry) => !isOurs(entry));
  return [...new Set([...kept, ...ours])].join(',');
}

/** `example.com`, `.example.com`, `*.example.com` and `*`, with or without a port, as curl and Python read them. */
function covers(entry: string, hostname: string): boolean {
  const name = entry
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\*?\./, '');
  return name === '*' || name === hostname || hostname.endsWith(`.${name}`);
}
