import { asObject, parseObject } from './package-json.ts';

export interface DetectInput {
  /** The directory of the files below, relative to the project; '.' is the project itself. */
  readonly dir: string;
  readonly packageJson: string | null;
  /** Names of the files in the directory. */
  readonly names: readonly string[];
}

export const FRAMEWORKS = [
  'next',
  'nuxt',
  'angular',
  'astro',
  'svelte',
  'vue',
  'react',
  'vite',
  'webpack',
] as const;
export type Framework = (typeof FRAMEWORKS)[number];

export interface DetectedFrontend {
  readonly dir: string;
  readonly framework: Framework;
  /** What starts its development server; null: its package.json has no script for that. */
  readonly command: string | null;
  /** Where that server listens unless it is told otherwise. */
  readonly port: number;
  /** Where its build goes, below `dir`. */
  readonly output: 'dist' | 'build';
  /** What has to be done so that its server answers for the host; absent: nothing, jwt-dev tells it when it starts it. */
  readonly host?: HostNeed;
}

export type HostNeed =
  /** Follows the command, before the host. */
  | { readonly kind: 'option'; readonly option: string }
  /** Nothing but a file of the project can say it. */
  | { readonly kind: 'setting'; readonly file: 'vue.config.js' | 'webpack.config.js' };

/** The package by which a framework is known. Vite and webpack come last: the others stand on them. */
const MARKS: Readonly<Record<Framework, readonly string[]>> = {
  next: ['next'],
  nuxt: ['nuxt'],
  angular: ['@angular/core'],
  astro: ['astro'],
  svelte: ['svelte', '@sveltejs/kit'],
  vue: ['vue'],
  react: ['react'],
  vite: ['vite'],
  webpack: ['webpack-dev-server'],
};

/** Where the servers of these packages listen by default. React and Vue come with several. */
const DEFAULT_PORTS: readonly (readonly [name: string, port: number])[] = [
  ['next', 3000],
  ['nuxt', 3000],
  ['@angular/core', 4200],
  ['astro', 4321],
  ['react-scripts', 3000],
  ['@vue/cli-service', 8080],
  ['vite', 5173],
  ['webpack-dev-server', 8080],
];
const VITE = ['vite', 5173] as const;

/** What a directory holds as a frontend; null: none that is known. Pure. */
export function detectFrontend({ dir, packageJson, names }: DetectInput): DetectedFrontend | null {
  const content = packageJson === null ? null : parseObject(packageJson);
  if (content === null) return null;
  const packages = new Map(
    [content['dependencies'], content['devDependencies']].flatMap((section) =>
      Object.entries(asObject(section)),
    ),
  );
  const framework = FRAMEWORKS.find((name) => MARKS[name].some((mark) => packages.has(mark)));
  if (framework === undefined) return null;
  const script = devScript(asObject(content['scripts']));
  const [server, defaultPort] = DEFAULT_PORTS.find(([name]) => packages.has(name)) ?? VITE;
  const manager = packageManager(content, names);
  const isOldWebpack = /^\D*[1-3]\./.test(String(packages.get('webpack-dev-server')));
  const host = isOldWebpack ? null : hostNeed(server, script?.text ?? '', manager);
  return {
    dir,
    framework,
    command: script === null ? null : `${manager} run ${script.name}`,
    port: script?.port ?? defaultPort,
    output: packages.has('react-scripts') ? 'build' : 'dist',
    ...(host === null ? {} : { host }),
  };
}

interface DevScript {
  readonly name: string;
  readonly text: string;
  readonly port: number | null;
}

/** A script that runs jwt-dev would start itself. */
function devScript(scripts: Readonly<Record<string, unknown>>): DevScript | null {
  for (const name of ['dev', 'start', 'serve']) {
    const script = scripts[name];
    if (typeof script !== 'string' || script === '' || script.includes('jwt-dev')) continue;
    const port = /(?:--port[= ]|-p )(\d{2,5})\b/.exec(script)?.[1];
    return { name, text: script, port: port === undefined ? null : Number(port) };
  }
  return null;
}

/** Where pages of webpack-dev-server find their reloads: on their own host and port (client/utils/createSocketURL.js). */
const OWN_SOCKET = '--client-web-socket-url auto://0.0.0.0:0/ws';

/**
 * Vue CLI knows no variable and no option, webpack-dev-server 4 and newer options (webpack.js.org, "DevServer"). What is
 * said to a package manager goes to the end of the script, so nothing may follow the server there.
 */
function hostNeed(server: string, script: string, manager: string): HostNeed | null {
  if (server === '@vue/cli-service') return { kind: 'setting', file: 'vue.config.js' };
  const startsWebpack = /\bwebpack(?:-cli)? (?:serve|server|s)\b|\bwebpack-dev-server\b/.test(script);
  if (!startsWebpack && server !== 'webpack-dev-server') return null;
  if (script.includes('--allowed-hosts')) return null;
  if (!startsWebpack || /[&|;]/.test(script)) return { kind: 'setting', file: 'webpack.config.js' };
  return { kind: 'option', option: `${manager === 'npm' ? ' --' : ''} ${OWN_SOCKET} --allowed-hosts` };
}

const LOCK_FILES = {
  'pnpm-lock.yaml': 'pnpm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
} as const;

/** corepack's field first, then whose lock file lies there; npm otherwise. */
function packageManager(content: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  const field = content['packageManager'];
  const named = typeof field === 'string' ? /^(npm|pnpm|yarn|bun)@/.exec(field)?.[1] : undefined;
  if (named !== undefined) return named;
  const lock = (Object.keys(LOCK_FILES) as (keyof typeof LOCK_FILES)[]).find((name) => names.includes(name));
  return lock === undefined ? 'npm' : LOCK_FILES[lock];
}

export interface DetectedDjango {
  readonly dir: string;
  /** The package of the settings, as in `mysite.settings`: `mysite`. */
  readonly package: string;
  /** The Python of its virtual environment, relative to `dir`; absent: it has none here. */
  readonly python?: string;
}

/** The settings module that a manage.py names (django-admin startproject writes that line); null: it names none. Pure. */
export function detectDjango(dir: string, managePy: string): DetectedDjango | null {
  const module = /["']DJANGO_SETTINGS_MODULE["']\s*,\s*["']([A-Za-z_][\w.]*)["']/.exec(managePy)?.[1];
  const name = module?.split('.settings')[0]?.split('.')[0];
  return name === undefined || name === '' || !module?.includes('.') ? null : { dir, package: name };
}
