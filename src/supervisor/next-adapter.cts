/**
 * An adapter for Next.js (nextjs.org, `adapterPath`), which it loads because NEXT_ADAPTER_PATH names this file: the host
 * that the command answers for joins `allowedDevOrigins`. Without that, Next.js 16 refuses its own WebSocket there, and
 * pages that wait for it never become interactive; nothing else that it reads can say so (`childEnvironment`).
 *
 * CommonJS that stands alone, like everything that other programs load from us.
 */

/** Of the configuration, what is looked at. Next.js before 16.2 keeps the path below `experimental`. */
interface NextConfig {
  readonly allowedDevOrigins?: readonly string[];
  readonly adapterPath?: string;
  readonly experimental?: { readonly adapterPath?: string };
}

/** Next.js, shared/lib/constants: PHASE_DEVELOPMENT_SERVER. */
const DEVELOPMENT = 'phase-development-server';

/** @param context from Next.js 16 on. Version 15 asks for builds alone, and blocks only where the project says so. */
function modifyConfig(given: NextConfig, context?: { readonly phase: string }): NextConfig {
  const config = withoutAdapter(given);
  // oxlint-disable-next-line no-restricted-globals -- it runs in other processes, and this variable is its only input.
  const origin = process.env['JWT_DEV_ORIGIN'] ?? '';
  const hostname = URL.canParse(origin) ? new URL(origin).hostname : '';
  if (context?.phase !== DEVELOPMENT || hostname === '') return config;
  return { ...config, allowedDevOrigins: [...(config.allowedDevOrigins ?? []), hostname] };
}

/** Its work is done with this call. An adapter that stays changes how Next.js builds and caches (build/index.js). */
function withoutAdapter({ adapterPath: _path, experimental, ...rest }: NextConfig): NextConfig {
  if (experimental === undefined) return rest;
  const { adapterPath: _experimentalPath, ...others } = experimental;
  return { ...rest, experimental: others };
}

module.exports = { name: 'jwt-dev', modifyConfig };
