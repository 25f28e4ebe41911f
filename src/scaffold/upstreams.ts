import type { DetectedDjango, DetectedFrontend } from './detect-project.ts';
import type { TemplateName } from './templates.ts';

/** An upstream as it stands in jwt-dev.config.json. */
export type UpstreamEntry =
  | string
  | number
  | { readonly directory: string }
  | {
      readonly command: string;
      readonly cwd?: string;
      readonly env?: Readonly<Record<string, string>>;
    };

export interface UpstreamInput {
  /** Of the frontend. */
  readonly hostname: string;
  readonly templates: readonly TemplateName[];
  readonly frontend: DetectedFrontend | null;
  readonly django: DetectedDjango | null;
  readonly platform: NodeJS.Platform;
}

/** Where the Django template puts a new project. */
export const NEW_DJANGO: DetectedDjango = { dir: 'backend', package: 'config' };

/** What answers for the frontend's host: the chosen template, what was found, or the demo page. Pure. */
export function frontendUpstream({ templates, frontend, hostname }: UpstreamInput): UpstreamEntry {
  if (frontend?.command === null) return frontend.port;
  if (frontend !== null) {
    const option = frontend.host?.kind === 'option' ? `${frontend.host.option} ${hostname}` : '';
    return withDir(`${frontend.command}${option}`, frontend.dir);
  }
  if (templates.includes('vanilla')) return { directory: 'public' };
  if (templates.includes('react') || templates.includes('vue')) return { command: 'npm run dev' };
  return 'bundled';
}

/** What answers for the API's host: the chosen template, what was found, or the bundled auth API. Pure. */
export function apiUpstream({ templates, django, platform }: UpstreamInput): UpstreamEntry {
  if (templates.includes('express')) return { command: 'node server/main.mjs' };
  const project = django ?? (templates.includes('django') ? NEW_DJANGO : null);
  if (project === null) return 'bundled';
  // Debian and macOS have no `python`; Windows has no `python3`, and its shell takes no forward slashes for a program.
  const isWindows = platform === 'win32';
  const own = isWindows ? project.python?.replaceAll('/', '\\') : project.python;
  return withDir(`${own ?? (isWindows ? 'python' : 'python3')} manage.py runserver`, project.dir);
}

function withDir(command: string, dir: string): UpstreamEntry {
  return dir === '.' ? { command } : { command, cwd: dir };
}

/** Long enough that a slow machine gets a page on screen, short enough that a test can wait for the end. */
const TEST_ACCESS_SECONDS = 5;

/** A file and not `:memory:`, so that `jwt-dev outbox` and `users` reach it; where tools keep what may be lost. */
const TEST_STORE = 'node_modules/.cache/jwt-dev/e2e.sqlite';

/** The same backend with access tokens that run out while a test watches, and users of its own. Pure. */
export function forTests(api: UpstreamEntry): {
  readonly upstream: UpstreamEntry;
  readonly auth: Readonly<Record<string, unknown>> | null;
} {
  if (api === 'bundled')
    return { upstream: api, auth: { store: TEST_STORE, tokens: { accessSeconds: TEST_ACCESS_SECONDS } } };
  if (typeof api !== 'object' || !('command' in api)) return { upstream: api, auth: null };
  const env = { ...api.env, ACCESS_TOKEN_SECONDS: String(TEST_ACCESS_SECONDS), AUTH_STORE: ':memory:' };
  return { upstream: { ...api, env }, auth: null };
}
