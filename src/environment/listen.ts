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

/**
 * Opens the proxy's ports. Where 443 needs a privilege that this user lacks,
 * the next ports are tried, unless `strictPort` forbids it. A port that is in
 * use is never replaced: another server's answers would be taken for ours.
 * @param create makes a proxy for a pair of ports; it is listening when this returns.
 * @throws JwtDevError ERR_PRIVILEGE_REQUIRED, ERR_PORT_IN_USE, ERR_LISTEN
 */
export async function openListeners(
  wanted: ListenConfig,
  create: (httpsPort: number, httpPort: number | null) => Proxy,
): Promise<Listening> {
  try {
    return await open(wanted, create(wanted.httpsPort, wanted.httpPort), []);
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PRIVILEGE_REQUIRED') throw error;
    if (wanted.strictPort) throw privilegeError(error, wanted.httpsPort);
    const fallback = wanted.httpPort === null ? null : defaults.FALLBACK_HTTP_PORT;
    return openFallback(wanted, create, fallback, wanted.httpsPort);
  }
}

async function openFallback(
  wanted: ListenConfig,
  create: (httpsPort: number, httpPort: number | null) => Proxy,
  httpPort: number | null,
  refused: number,
): Promise<Listening> {
  const notice = (port: number): string =>
    `Port ${refused} needs a privilege that this user does not have, so the environment is on port ${port}. ${HOW_TO_ALLOW}`;
  try {
    const opened = await open(wanted, create(defaults.FALLBACK_HTTPS_PORT, httpPort), []);
    return { ...opened, notices: [notice(opened.listening.httpsPort), ...opened.notices] };
  } catch (error) {
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_PORT_IN_USE') throw error;
    const opened = await open(wanted, create(0, httpPort), []);
    return { ...opened, notices: [notice(opened.listening.httpsPort), ...opened.notices] };
  }
}

async function open(wanted: ListenConfig, proxy: Proxy, notices: readonly string[]): Promise<Listening> {
  const listening = await proxy.listen();
  for (const notice of listening.notices) {
    if (notice.code === 'HTTP_PORT_UNAVAILABLE' && wanted.strictPort) {
      proxy.forceClose();
      throw notice.error;
    }
  }
  return { proxy, listening, notices: [...notices, ...listening.notices.map((notice) => notice.message)] };
}

const HOW_TO_ALLOW =
  'To get rid of the port in the URLs, allow it once: sudo sysctl net.ipv4.ip_unprivileged_port_start=80 (Linux), or run with sudo.';

function privilegeError(error: JwtDevError, port: number): JwtDevError {
  return new JwtDevError(
    'ERR_PRIVILEGE_REQUIRED',
    `Port ${port} needs a privilege that this user does not have`,
    {
      cause: error,
      hint: `Allow it once: sudo sysctl net.ipv4.ip_unprivileged_port_start=80 (Linux), run with sudo, or choose a port: jwt-dev up --https-port ${defaults.FALLBACK_HTTPS_PORT}`,
      facts: error.facts,
    },
  );
}
