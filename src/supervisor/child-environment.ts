import { fileURLToPath } from 'node:url';

export interface ChildEnvironmentInput {
  /** What we were started with. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** What the user's configuration adds; it wins over everything. */
  readonly configured: Readonly<Record<string, string>>;
  readonly port: number;
  /** The host whose requests the command answers. */
  readonly hostname: string;
  readonly origin: string;
  /** What sets any client of the site up (what to trust, how to reach it); null: must not be set. */
  readonly client: Readonly<Record<string, string | null>>;
  /** Our own conversation shows colours. */
  readonly colour: boolean;
}

const NEXT_ADAPTER = fileURLToPath(new URL('./next-adapter.cjs', import.meta.url));

/**
 * What a command finds in its environment. Each variable with who reads it. Pure.
 *
 * Not here, because nothing reads such a variable: webpack-dev-server's `allowedHosts`, Django's ALLOWED_HOSTS, and
 * Vite's port (`server.port` and `--port` only), which is therefore found where it listens.
 */
export function childEnvironment(input: ChildEnvironmentInput): Readonly<Record<string, string>> {
  const { inherited, configured, port, hostname, colour } = input;
  const wantsNoColour = (inherited['NO_COLOR'] ?? '') !== '';
  return {
    // Server-side rendering asks the API, and mails and links name the frontend.
    ...onlySet({ ...inherited, ...input.client }),
    // Next (`next dev -p`, default from PORT), Nuxt (after NUXT_PORT and NITRO_PORT), Create React App, Remix, Rails,
    // Express by custom.
    PORT: String(port),
    // Nuxt (after NUXT_HOST and NITRO_HOST), Create React App. An inherited one names the machine (csh, conda).
    HOST: '127.0.0.1',
    JWT_DEV_ORIGIN: input.origin,
    // Vite from 6.1 on and what stands on it (Nuxt, Astro, SvelteKit, Angular's `ng serve`): vite.dev, server options,
    // "Configure via environment variable". Older versions take it as one name, Vite 8 splits it at commas; a single
    // name is right for all.
    __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS: hostname,
    // Angular's server-side rendering: @angular/ssr/node, getAllowedHostsFromEnv; separated by commas.
    NG_ALLOWED_HOSTS: `${hostname},localhost,127.0.0.1`,
    // Next.js from 16 on, which blocks by default, asks the configuration and `-H` alone (server/lib/router-utils/
    // block-cross-site-dev.js); an adapter may change the configuration. One that the project names wins.
    NEXT_ADAPTER_PATH: inherited['NEXT_ADAPTER_PATH'] || NEXT_ADAPTER,
    // Create React App with "proxy" in package.json: with HOST set it would refuse every host and its own
    // configuration (react-scripts/config/webpackDevServer.config.js). Without "proxy" it checks nothing anyway.
    DANGEROUSLY_DISABLE_HOST_CHECK: 'true',
    // Create React App's page would look for its reloads at ws://127.0.0.1:PORT. These values stand for the page's own
    // host and port (create-react-app.dev, advanced configuration; webpack-dev-server/client/utils/createSocketURL.js).
    WDS_SOCKET_HOST: '0.0.0.0',
    WDS_SOCKET_PORT: '0',
    // Vite's `server.open` and Create React App would open http://localhost:PORT, where no cookie of the site is:
    // vite.dev, server.open; create-react-app.dev, advanced configuration.
    BROWSER: 'none',
    // Python keeps what it prints to a pipe until 8 kB are full: Django's address, its log, a traceback's context
    // (docs.python.org, "Command line and environment").
    PYTHONUNBUFFERED: '1',
    ...(colour && !wantsNoColour ? { FORCE_COLOR: '1' } : {}),
    ...configured,
  };
}

function onlySet(env: Readonly<Record<string, string | null | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).flatMap(([k, v]) => (typeof v === 'string' ? [[k, v]] : [])));
}
