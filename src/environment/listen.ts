import * as defaults from '../config/defaults.ts';
import type { ListenConfig } from '../config/types.ts';
import { JwtDevError } from '../errors.ts';
import type { Proxy, ProxyListening } from '../proxy/types.ts';

/** `rootless`: clients come through the forward proxy, whichever port is behind it. */
export type Mode = 'hosts' | 'rootless';

export interface Listening {
  readonly mode: Mode;
  readonly proxy: Proxy;
  readonly listening: ProxyListening;
  /** The https port as clients write it. */
  readonly publicPort: number;
  /** Sentences about what is not as it was asked for. */
  readonly notices: readonly string[];
}

export interface ListenDeps {
  /** Makes a proxy for a pair of ports. `publicPort`: its https port as clients know it, where that is another. */
  readonly create: (ports: {
    readonly httpsPort: number;
    readonly httpPort: number | null;
    readonly publicPort?: number;
  }) => Proxy;
  /** Where the user's own servers will listen: they are never taken. */
  readonly upstreamPorts: ReadonlySet<number>;
  /** Asks a person yes or no; null: nobody is there. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
}

/** Below it only root, or whoever root allowed, may listen. */
const FIRST_UNPRIVILEGED_PORT = 1024;
/** What browsers leave out of an https URL. */
const DEFAULT_PORT_OF_HTTPS = 443;

/**
 * Opens the proxy's ports; it is listening when this returns. Where 443 needs a privilege that this user lacks,
 * `fallback` decides, unless `strictPort` forbids it. A port that is in use is never replaced: another server's
 * answers would be taken for ours.
 * @throws JwtDevError ERR_PRIVILEGE_REQUIRED, ERR_PORT_IN_USE, ERR_LISTEN
 */
export async function openListeners(wanted: ListenConfig, deps: ListenDeps): Promise<Listening> {
  const { httpsPort, httpPort, strictPort } = wanted;
  try {
    if (wanted.rootless) return await openRootless(wanted, deps, []);
    return await open(deps.create({ httpsPort, httpPort }), strictPort);
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PRIVILEGE_REQUIRED') throw error;
    if (strictPort || wanted.rootless) throw privilegeError(error, wanted);
    switch (await chooseFallback(wanted, deps)) {
      case 'ports':
        return openOtherPorts(wanted, deps);
      case 'rootless':
        return openRootless({ httpsPort: 0, httpPort: null, strictPort }, deps, [
          `Port ${httpsPort} needs a privilege that this user does not have, so this run is rootless: the names lead here only through the forward proxy.`,
        ]);
      case 'none':
        throw privilegeError(error, wanted);
    }
  }
}

async function chooseFallback(
  { fallback, httpsPort }: ListenConfig,
  { ask }: ListenDeps,
): Promise<'ports' | 'rootless' | 'none'> {
  if (fallback !== 'ask') return fallback;
  if (ask === null) return 'none';
  const question = `Port ${httpsPort} needs a privilege that this user does not have. Use rootless mode for this run?`;
  return (await ask(question)) ? 'rootless' : 'ports';
}

async function openRootless(
  { httpsPort, httpPort, strictPort }: Pick<ListenConfig, 'httpsPort' | 'httpPort' | 'strictPort'>,
  { create }: ListenDeps,
  notices: readonly string[],
): Promise<Listening> {
  const opened = await open(create({ httpsPort, httpPort, publicPort: DEFAULT_PORT_OF_HTTPS }), strictPort);
  return {
    ...opened,
    mode: 'rootless',
    publicPort: DEFAULT_PORT_OF_HTTPS,
    notices: [...notices, ...opened.notices],
  };
}

async function openOtherPorts(wanted: ListenConfig, deps: ListenDeps): Promise<Listening> {
  const unlessTaken = (port: number): number => (deps.upstreamPorts.has(port) ? 0 : port);
  const httpPort = fallbackHttpPort(wanted.httpPort, unlessTaken);
  const openOn = (httpsPort: number): Promise<Listening> =>
    open(deps.create({ httpsPort, httpPort }), wanted.strictPort);
  const explain = (opened: Listening): Listening => ({
    ...opened,
    notices: [
      `Port ${wanted.httpsPort} needs a privilege that this user does not have, so the environment is on port ${opened.publicPort}. ${HOW_TO_ALLOW}`,
      ...opened.notices,
    ],
  });
  try {
    return explain(await openOn(unlessTaken(defaults.FALLBACK_HTTPS_PORT)));
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PORT_IN_USE') throw error;
    return explain(await openOn(0));
  }
}

/** Only a port that needs the privilege too is replaced; one that was asked for is kept. */
function fallbackHttpPort(wanted: number | null, unlessTaken: (port: number) => number): number | null {
  if (wanted === null || wanted === 0 || wanted >= FIRST_UNPRIVILEGED_PORT) return wanted;
  return unlessTaken(defaults.FALLBACK_HTTP_PORT);
}

async function open(proxy: Proxy, strictPort: boolean): Promise<Listening> {
  const listening = await proxy.listen();
  for (const notice of listening.notices) {
    if (notice.code === 'HTTP_PORT_UNAVAILABLE' && strictPort) {
      proxy.forceClose();
      throw notice.error;
    }
  }
  const notices = listening.notices.map(({ message }) => message);
  return { mode: 'hosts', proxy, listening, publicPort: listening.httpsPort, notices };
}

const ALLOW_FOR_GOOD = 'sudo sysctl net.ipv4.ip_unprivileged_port_start=80';

const HOW_TO_ALLOW = `To get rid of the port in the URLs, use jwt-dev up --rootless, run it with sudo, or allow the port once: ${ALLOW_FOR_GOOD} (Linux).`;

function privilegeError(error: JwtDevError, wanted: ListenConfig): JwtDevError {
  const blamed = error.facts['port'];
  const port = typeof blamed === 'number' ? blamed : wanted.httpsPort;
  const otherPorts: readonly [command: string, effect: string] =
    port === wanted.httpsPort
      ? [
          `jwt-dev up --https-port ${defaults.FALLBACK_HTTPS_PORT}`,
          'or --fallback ports: the port is then in every URL',
        ]
      : ['jwt-dev up --http-port none', 'without the redirect from plain http'];
  const ways: readonly (readonly [command: string, effect: string])[] = [
    ['jwt-dev up --rootless', 'no privilege, no port in the URLs: browsers come through a local proxy'],
    ['sudo jwt-dev up', 'for this run; root is given up once the ports are open'],
    [ALLOW_FOR_GOOD, 'for every program, until the next boot (Linux)'],
    otherPorts,
  ];
  const width = Math.max(...ways.map(([command]) => command.length));
  return new JwtDevError(
    'ERR_PRIVILEGE_REQUIRED',
    `Port ${port} needs a privilege that this user does not have`,
    {
      cause: error,
      hint: [
        'Any one of these helps:',
        ...ways.map(([command, effect]) => `  ${command.padEnd(width)}  ${effect}`),
      ].join('\n'),
      facts: error.facts,
    },
  );
}
