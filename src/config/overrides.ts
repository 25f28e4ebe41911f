/** What flags and environment variables say, laid over the file: flags beat the environment, it beats the file. */

/** Raw flag values. Numbers are still text, so that every mistake is reported by the same check. */
export interface ConfigOverrides {
  readonly httpsPort?: string;
  readonly httpPort?: string;
  readonly strictPort?: boolean;
  readonly fallback?: string;
  readonly rootless?: boolean;
  readonly proxyPort?: string;
  readonly frontend?: string;
  readonly api?: string;
  readonly hostsFile?: string;
  readonly applyHosts?: boolean;
  readonly canary?: boolean;
}

interface Overlay {
  /** How the user said it: `--https-port` or `JWT_DEV_HTTPS_PORT`. */
  readonly label: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

const SETTINGS = [
  {
    key: 'httpsPort',
    flag: '--https-port',
    variable: 'JWT_DEV_HTTPS_PORT',
    path: ['listen', 'httpsPort'],
    read: number,
  },
  {
    key: 'httpPort',
    flag: '--http-port',
    variable: 'JWT_DEV_HTTP_PORT',
    path: ['listen', 'httpPort'],
    read: numberOrNone,
  },
  {
    key: 'strictPort',
    flag: '--strict-port',
    variable: 'JWT_DEV_STRICT_PORT',
    path: ['listen', 'strictPort'],
    read: flag,
  },
  {
    key: 'fallback',
    flag: '--fallback',
    variable: 'JWT_DEV_FALLBACK',
    path: ['listen', 'fallback'],
    read: text,
  },
  {
    key: 'rootless',
    flag: '--rootless',
    variable: 'JWT_DEV_ROOTLESS',
    path: ['listen', 'rootless'],
    read: flag,
  },
  {
    key: 'proxyPort',
    flag: '--proxy-port',
    variable: 'JWT_DEV_PROXY_PORT',
    path: ['listen', 'proxyPort'],
    read: number,
  },
  {
    key: 'frontend',
    flag: '--frontend',
    variable: 'JWT_DEV_FRONTEND',
    path: ['frontend', 'upstream'],
    read: number,
  },
  { key: 'api', flag: '--api', variable: 'JWT_DEV_API', path: ['api', 'upstream'], read: number },
  { key: 'hostsFile', flag: '--file', variable: 'JWT_DEV_HOSTS_FILE', path: ['hosts', 'file'], read: text },
  {
    key: 'applyHosts',
    flag: '--apply-hosts',
    variable: 'JWT_DEV_APPLY_HOSTS',
    path: ['hosts', 'apply'],
    read: flag,
  },
  {
    key: 'canary',
    flag: '--canary',
    variable: 'JWT_DEV_CANARY',
    path: ['findings', 'canary'],
    read: flag,
  },
] as const satisfies readonly {
  key: keyof ConfigOverrides;
  flag: string;
  variable: string;
  path: readonly string[];
  read: (value: string | boolean) => unknown;
}[];

/** The overlays in the order of rising weight. An empty environment variable says nothing. */
export function readOverlays(
  overrides: ConfigOverrides,
  env: Readonly<Record<string, string | undefined>>,
): readonly Overlay[] {
  const fromEnv = SETTINGS.flatMap(({ variable, path, read }) => {
    const value = env[variable];
    return value === undefined || value === '' ? [] : [{ label: variable, path, value: read(value) }];
  });
  const fromFlags = SETTINGS.flatMap(({ key, flag: label, path, read }) => {
    const value = overrides[key];
    return value === undefined ? [] : [{ label, path, value: read(value) }];
  });
  return [...fromEnv, ...fromFlags];
}

/**
 * The file's content with the overlays in place. A file that is not an object
 * comes back as it is: the schema names that mistake.
 */
export function layOver(raw: unknown, overlays: readonly Overlay[]): unknown {
  return overlays.reduce<unknown>((config, { path, value }) => {
    const [section = '', key = ''] = path;
    if (!isRecord(config)) return config;
    const current = config[section];
    const host = section === 'frontend' || section === 'api';
    // `"frontend": 5173` is short for `{ "upstream": 5173 }`: the flag replaces it, not the host.
    const base =
      isRecord(current) && !(host && ('directory' in current || 'command' in current || 'url' in current))
        ? current
        : host || current === undefined
          ? {}
          : current;
    return isRecord(base) ? { ...config, [section]: { ...base, [key]: value } } : config;
  }, raw);
}

/** The flag or variable that a mistake at `path` came from, or undefined: the file. */
export function labelOf(path: readonly PropertyKey[], overlays: readonly Overlay[]): string | undefined {
  return overlays.findLast((overlay) => overlay.path.every((part, index) => path[index] === part))?.label;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function number(value: string | boolean): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
}

function numberOrNone(value: string | boolean): unknown {
  return value === 'none' ? null : number(value);
}

function flag(value: string | boolean): unknown {
  return value === true || value === '1' || value === 'true'
    ? true
    : value === '0' || value === 'false'
      ? false
      : value;
}

function text(value: string | boolean): unknown {
  return value;
}
