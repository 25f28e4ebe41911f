import { findBrowser } from '../browser/find-browser.ts';
import { openBrowser } from '../browser/open-browser.ts';
import type { BrowserRoute, InstalledBrowser } from '../browser/types.ts';
import { ensureCertificates } from '../certs/ensure.ts';
import { allHosts, type Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { certificateRequest } from '../environment/certificate-request.ts';
import { pacSource } from '../rootless/pac.ts';

/** What a running environment says of the way to it. */
export interface Reachable {
  /** URL of the forward proxy; null: the names lead to this machine. */
  readonly proxy: string | null;
  readonly httpsPort: number;
  readonly httpPort: number | null;
}

export interface OpenOptions {
  readonly environment: Reachable;
  readonly url: string;
  /** The URL holds a secret. */
  readonly hidesUrl?: boolean;
  /** `chromium`, `firefox`, a file or a program; undefined: whichever is installed. */
  readonly browser?: string | undefined;
  readonly extraArgs?: readonly string[];
}

export interface OpenedBrowser {
  readonly browser: InstalledBrowser;
  readonly pid: number;
  readonly url: string;
  readonly logFile: string;
}

/**
 * Opens a browser with a profile of this project: it trusts our CA and finds our names, and nothing else on this
 * machine learns of either.
 * @throws JwtDevError ERR_BROWSER; what certificates and files throw.
 */
export async function openProjectBrowser(
  { environment, url, hidesUrl = false, browser, extraArgs = [] }: OpenOptions,
  config: Config,
  context: Pick<
    Context,
    'platform' | 'env' | 'homeDir' | 'isRoot' | 'paths' | 'owner' | 'pid' | 'now' | 'run' | 'output'
  >,
): Promise<OpenedBrowser> {
  const hostnames = allHosts(config).map(({ hostname }) => hostname);
  const installed = await findBrowser(browser, context);
  const { mode, caFile, chainPem } = await ensureCertificates(certificateRequest(config, context));
  const { pid, plan } = await openBrowser(
    {
      browser: installed,
      hostnames,
      route: routeTo(environment, config, hostnames),
      trust: { mode, caFile, chainPem },
      url,
      hidesUrl,
      extraArgs,
      stateDir: config.stateDir,
      homeDir: context.homeDir,
      platform: context.platform,
      env: context.env,
      isRoot: context.isRoot,
    },
    context,
  );
  return { browser: installed, pid, url, logFile: plan.logFile };
}

function routeTo(
  { proxy, httpsPort, httpPort }: Reachable,
  config: Pick<Config, 'listen'>,
  hostnames: readonly string[],
): BrowserRoute {
  if (proxy !== null) return { kind: 'pac', source: pacSource(hostnames, new URL(proxy).host) };
  const [address = '127.0.0.1'] = config.listen.addresses;
  return { kind: 'direct', address, httpsPort, httpPort };
}
