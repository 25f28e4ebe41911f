import { type ComposeParts, type ComposeSettings, composeFiles, composeFolders } from './compose-files.ts';
import type { WantedFile } from './wanted-files.ts';

export const SERVER_NAMES = ['caddy', 'nginx', 'compose'] as const;
export type ServerName = (typeof SERVER_NAMES)[number];

/** What the files for a server are made for. Each is what the templates themselves say, until it is set. */
export interface ServerSettings {
  /** Where the backend listens: host and port. */
  readonly api: string;
  /** The directory of the frontend's build, as the server sees it. */
  readonly root: string;
  /** A certificate of one's own (PEM: the chain, the key); null: Caddy gets one, nginx expects it in /etc/ssl. */
  readonly certificate: { readonly chain: string; readonly key: string } | null;
  readonly httpsPort: number;
  readonly httpPort: number;
  readonly compose: ComposeSettings;
}

export const SERVER_DEFAULTS: ServerSettings = {
  api: '127.0.0.1:8000',
  root: '/srv/www',
  certificate: null,
  httpsPort: 443,
  httpPort: 80,
  compose: { backend: null, frontend: null, build: '../dist', project: '..', place: 'deploy' },
};

/** Where they go, unless it is said. */
export const SERVER_DIR = 'deploy';

/** In containers the backend has a name and a port of its own, and the proxy the usual ones. */
export const COMPOSE_API = 'api:8000';

/** The folders of templates/ that a server's files are in. */
export function serverFolders(name: ServerName, parts: ComposeParts): readonly string[] {
  return name === 'compose' ? [...composeFolders(parts), 'caddy'] : [name];
}

/** The files of a server template with the settings in the place of the defaults. Pure. */
export function serverFiles(files: readonly WantedFile[], settings: ServerSettings): readonly WantedFile[] {
  return composeFiles(files, settings.compose).map((file) => {
    const text = file.content.toString('utf8');
    if (file.path.endsWith('Caddyfile')) return { ...file, content: Buffer.from(caddyfile(text, settings)) };
    if (file.path.endsWith('.conf'))
      return { ...file, content: Buffer.from(nginxConfiguration(text, settings)) };
    return file;
  });
}

function caddyfile(text: string, { api, root, certificate, httpPort, httpsPort }: ServerSettings): string {
  const own = certificate === null ? null : `tls ${quoted(certificate.chain)} ${quoted(certificate.key)}`;
  return replaceEach(text, [
    [/^\t# A certificate of your own .*$/m, own === null ? null : `\t${own}`],
    [/(?<=root \* )\/srv\/www/, quoted(root)],
    [/(?<=reverse_proxy )127\.0\.0\.1:8000/, api],
    [/(?<=http_port )80/, String(httpPort)],
    // In the address of the site, not as `https_port`: that one is left out of redirects.
    [/(?<=^https:\/\/\S+)(?= \{$)/gm, httpsPort === 443 ? null : `:${httpsPort}`],
    [/(?<=X-Forwarded-Port )443/, String(httpsPort)],
    [/(?<=connect-src 'self' https:\/\/[^;\s]+)(?=;)/, httpsPort === 443 ? null : `:${httpsPort}`],
  ]);
}

function nginxConfiguration(
  text: string,
  { api, root, certificate, httpPort, httpsPort }: ServerSettings,
): string {
  return replaceEach(text, [
    [/(?<=ssl_certificate )[^;]+/g, certificate && quoted(certificate.chain)],
    [/(?<=ssl_certificate_key )[^;]+/g, certificate && quoted(certificate.key)],
    [/(?<=root )\/srv\/www/g, quoted(root)],
    [/(?<=server )127\.0\.0\.1:8000/g, api],
    [/(?<=listen (?:\[::\]:)?)80;/g, `${httpPort};`],
    [/(?<=listen (?:\[::\]:)?)443 /g, `${httpsPort} `],
    [/(?<=https:\/\/\$host)(?=\$)/g, httpsPort === 443 ? null : `:${httpsPort}`],
    [/(?<=connect-src 'self' https:\/\/[^;\s]+)(?=;)/g, httpsPort === 443 ? null : `:${httpsPort}`],
  ]);
}

function replaceEach(text: string, changes: readonly (readonly [RegExp, string | null])[]): string {
  return changes.reduce(
    (before, [pattern, value]) => (value === null ? before : before.replace(pattern, () => value)),
    text,
  );
}

/** Both formats take a path with blanks in double quotes, with backslashes before quotes and backslashes. */
function quoted(value: string): string {
  return /^[\w./@:+-]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
