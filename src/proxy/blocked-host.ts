import type { HeaderList } from './types.ts';

/** What is known of an answer that may refuse our host. */
export interface SeenAnswer {
  readonly status: number;
  readonly path: string;
  /** The first bytes of the body. */
  readonly body: string;
}

interface BlockedHostRule {
  readonly framework: string;
  readonly matches: (answer: SeenAnswer) => boolean;
  /** `hostname`: ours. */
  readonly fix: (hostname: string) => string;
}

/** How much of a body is looked at: the telling part of each of these answers comes first. */
export const SEEN_BYTES = 4_096;

/** The whole body of webpack-dev-server's refusal. */
const WEBPACK_REFUSAL = 'Invalid Host header';

/** The first rule that matches counts. The texts are those of the named sources. */
const RULES: readonly BlockedHostRule[] = [
  {
    // angular/angular-cli, packages/angular/build: vite/middlewares/host-check-middleware.ts
    framework: 'Angular',
    matches: ({ status, body }) =>
      status === 403 && body.includes('Blocked request. This host (') && body.includes('angular.json'),
    fix: (hostname) =>
      `Add "allowedHosts": ["${hostname}"] to the options of the "serve" target in angular.json, or start it with __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS=${hostname}.`,
  },
  {
    // vitejs/vite, packages/vite: server/middlewares/hostCheck.ts; also Nuxt, SvelteKit, Astro and others that stand on it.
    framework: 'Vite',
    matches: ({ status, body }) => status === 403 && body.includes('Blocked request. This host ('),
    fix: (hostname) =>
      `Add server: { allowedHosts: ['${hostname}'] } to vite.config (Astro: to astro.config; Nuxt: below vite in nuxt.config), or start it with __VITE_ADDITIONAL_SERVER_ALLOWED_HOSTS=${hostname}.`,
  },
  {
    // vercel/next.js, packages/next: server/lib/router-utils/block-cross-site.ts
    framework: 'Next.js',
    matches: ({ status, path, body }) =>
      status === 403 && body === 'Unauthorized' && (path.includes('/_next') || path.includes('/__nextjs')),
    fix: (hostname) => `Add allowedDevOrigins: ['${hostname}'] to next.config.`,
  },
  {
    // webpack/webpack-dev-server, lib/Server.js; version 4 (Vue CLI, Create React App) sends it with status 200.
    framework: 'webpack-dev-server',
    matches: ({ body }) => body === WEBPACK_REFUSAL,
    // The second part: pages would look for their reloads at the server's own address (client/utils/createSocketURL.js).
    fix: (hostname) =>
      `Add devServer: { allowedHosts: ['${hostname}'], client: { webSocketURL: 'auto://0.0.0.0:0/ws' } } to webpack.config.js (Vue CLI: to vue.config.js).`,
  },
  {
    // django/django, views/debug.py and http/request.py: the title of the page, the first line of the text for others.
    framework: 'Django',
    matches: ({ status, body }) =>
      status === 400 && /^(?:DisallowedHost at|[^]*<title>\s*DisallowedHost\b)/.test(body),
    fix: (hostname) => `Add '${hostname}' to ALLOWED_HOSTS in the settings of Django.`,
  },
  {
    // rails/rails, actionpack: middleware/host_authorization.rb and its templates
    framework: 'Rails',
    matches: ({ status, body }) => status === 403 && /Blocked hosts?: /.test(body),
    fix: (hostname) => `Add config.hosts << "${hostname}" to config/environments/development.rb.`,
  },
];

/** Who refuses our host with this answer, and what to change there. */
export function recognizeBlockedHost(
  answer: SeenAnswer,
  hostname: string,
): { readonly framework: string; readonly fix: string } | undefined {
  const rule = RULES.find(({ matches }) => matches(answer));
  return rule === undefined ? undefined : { framework: rule.framework, fix: rule.fix(hostname) };
}

/** Whether a header section may begin such an answer, so that its body is worth a look. */
export function mayBlockHost(status: number, headers: HeaderList): boolean {
  if (status !== 400 && status !== 403 && status !== 200) return false;
  let type = '';
  let length = '';
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] as string).toLowerCase();
    if (name === 'content-type') type = headers[at + 1] as string;
    else if (name === 'content-length') length = headers[at + 1] as string;
    else if (name === 'content-encoding') return false;
  }
  if (status === 200 && length !== String(WEBPACK_REFUSAL.length)) return false;
  // Next.js and webpack-dev-server 5 name no type.
  return type === '' || type.toLowerCase().startsWith('text/');
}
