import * as defaults from '../config/defaults.ts';
import type { ListenConfig } from '../config/types.ts';
import { JwtDevError } from '../errors.ts';
import type { Proxy, ProxyListening } from '../proxy/types.ts';

export interface Listening {
  readonly proxy: Proxy;
  readonly listening: ProxyListening;
  /** Sentences about what is not as it was asked for. */
  readonly notices: readonly string[];
}

/** Below it only root, or whoever root allowed, may listen. */
const FIRST_UNPRIVILEGED_PORT = 1024;

type CreateProxy = (httpsPort: number, httpPort: number | null) => Proxy;

/**
 * Opens the proxy's ports. Where 443 needs a privilege that this user lacks, other ports are tried, unless
 * `strictPort` forbids it. A port that is in use is never replaced: another server's answers would be taken for ours.
 * @param create makes a proxy for a pair of ports; it is listening when this returns.
 * @param upstreamPorts where the user's own servers will listen: they are never taken.
 * @throws JwtDevError ERR_PRIVILEGE_REQUIRED, ERR_PORT_IN_USE, ERR_LISTEN
 */
export async function openListeners(
  wanted: ListenConfig,
  create: CreateProxy,
  upstreamPorts: ReadonlySet<number>,
): Promise<Listening> {
  try {
    return await open(wanted, create(wanted.httpsPort, wanted.httpPort));
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PRIVILEGE_REQUIRED') throw error;
    if (wanted.strictPort) throw privilegeError(error, wanted);
    return openFallback(wanted, create, upstreamPorts);
  }
}

async function openFallback(
  wanted: ListenConfig,
  create: CreateProxy,
  upstreamPorts: ReadonlySet<number>,
): Promise<Listening> {
  const unlessTaken = (port: number): number => (upstreamPorts.has(port) ? 0 : port);
  const httpPort = fallbackHttpPort(wanted.httpPort, unlessTaken);
  const explain = ({ listening, ...rest }: Listening): Listening => ({
    ...rest,
    listening,
    notices: [
      `Port ${wanted.httpsPort} needs a privilege that this user does not have, so the environment is on port ${listening.httpsPort}. ${HOW_TO_ALLOW}`,
      ...rest.notices,
    ],
  });
  try {
    return explain(await open(wanted, create(unlessTaken(defaults.FALLBACK_HTTPS_PORT), httpPort)));
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PORT_IN_USE') throw error;
    return explain(await open(wanted, create(0, httpPort)));
  }
}

/** Only a port that needs the privilege too is replaced; one that was asked for is kept. */
function fallbackHttpPort(wanted: number | null, unlessTaken: (port: number) => number): number | null {
  if (wanted === null || wanted === 0 || wanted >= FIRST_UNPRIVILEGED_PORT) return wanted;
  return unlessTaken(defaults.FALLBACK_HTTP_PORT);
}

async function open(wanted: ListenConfig, proxy: Proxy): Promise<Listening> {
  const listening = await proxy.listen();
  for (const notice of listening.notices) {
    if (notice.code === 'HTTP_PORT_UNAVAILABLE' && wanted.strictPort) {
      proxy.forceClose();
      throw notice.error;
    }
  }
  return { proxy, listening, notices: listening.notices.map((notice) => notice.message) };
}

const HOW_TO_ALLOW =
  'To get rid of the port in the URLs, allow it once: sudo sysctl net.ipv4.ip_unprivileged_port_start=80 (Linux), or run with sudo.';

function privilegeError(error: JwtDevError, wanted: ListenConfig): JwtDevError {
  const blamed = error.facts['port'];
  const port = typeof blamed === 'number' ? blamed : wanted.httpsPort;
  const instead =
    port === wanted.httpsPort
      ? `choose a port: jwt-dev up --https-port ${defaults.FALLBACK_HTTPS_PORT}`
      : 'go without the redirect: jwt-dev up --http-port none';
  return new JwtDevError(
    'ERR_PRIVILEGE_REQUIRED',
    `Port ${port} needs a privilege that this user does not have`,
    {
      cause: error,
      hint: `Allow it once: sudo sysctl net.ipv4.ip_unprivileged_port_start=80 (Linux), run with sudo, or ${instead}`,
      facts: error.facts,
    },
  );
}
