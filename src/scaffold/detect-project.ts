import { asObject, parseObject } from './package-json.ts';

export interface DetectInput {
  /** The directory of the files below, relative to the project; '.' is the project itself. */
  readonly dir: string;
  readonly packageJson: string | null;
  /** Names of the files in the directory. */
  readonly names: readonly string[];
}

export const FRAMEWORKS = ['next', 'nuxt', 'angular', 'svelte', 'vue', 'react', 'vite'] as const;
export type Framework = (typeof FRAMEWORKS)[number];

export interface DetectedFrontend {
  readonly dir: string;
  readonly framework: Framework;
  /** What starts its development server; null: its package.json has no script for that. */
  readonly command: string | null;
  /** Where that server listens unless it is told otherwise. */
  readonly port: number;
}

/** The package by which a framework is known. Vite comes last: the others stand on it. */
const MARKS: Readonly<Record<Framework, readonly string[]>> = {
  next: ['next'],
  nuxt: ['nuxt'],
  angular: ['@angular/core'],
  svelte: ['svelte', '@sveltejs/kit'],
  vue: ['vue'],
  react: ['react'],
  vite: ['vite'],
};

const DEFAULT_PORTS: Readonly<Partial<Record<Framework, number>>> = { next: 3000, nuxt: 3000, angular: 4200 };
const VITE_PORT = 5173;

/** What a directory holds as a frontend; null: none that is known. Pure. */
export function detectFrontend({ dir, packageJson, names }: DetectInput): DetectedFrontend | null {
  const content = packageJson === null ? null : parseObject(packageJson);
  if (content === null) return null;
  const packages = new Set(
    [content['dependencies'], content['devDependencies']].flatMap((section) =>
      Object.keys(asObject(section)),
    ),
  );
  const framework = FRAMEWORKS.find((name) => MARKS[name].some((mark) => packages.has(mark)));
  if (framework === undefined) return null;
  const script = devScript(asObject(content['scripts']));
  return {
    dir,
    framework,
    command: script === null ? null : `${packageManager(content, names)} run ${script.name}`,
    port: script?.port ?? DEFAULT_PORTS[framework] ?? VITE_PORT,
  };
}

/** A script that runs jwt-dev would start itself. */
function devScript(scripts: Readonly<Record<string, unknown>>): { name: string; port: number | null } | null {
  for (const name of ['dev', 'start', 'serve']) {
    const script = scripts[name];
    if (typeof script !== 'string' || script === '' || script.includes('jwt-dev')) continue;
    const port = /(?:--port[= ]|-p )(\d{2,5})\b/.exec(script)?.[1];
    return { name, port: port === undefined ? null : Number(port) };
  }
  return null;
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
}

/** The settings module that a manage.py names (django-admin startproject writes that line); null: it names none. Pure. */
export function detectDjango(dir: string, managePy: string): DetectedDjango | null {
  const module = /["']DJANGO_SETTINGS_MODULE["']\s*,\s*["']([A-Za-z_][\w.]*)["']/.exec(managePy)?.[1];
  const name = module?.split('.settings')[0]?.split('.')[0];
  return name === undefined || name === '' || !module?.includes('.') ? null : { dir, package: name };
}
