import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ControlRoute } from '../../control/route.ts';
import { errnoOf, JwtDevError } from '../../errors.ts';

/** The root of the package, from the source and from what was built of it. */
const PACKAGE = new URL('../../../', import.meta.url);

/**
 * What the page may do: run its own script, show its own style, ask this server. Text cannot become script
 * (W3C Trusted Types).
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/**
 * Files of the package are the same for everybody, so they are open: what they show is asked for with the secret.
 * @param root of the package
 */
export function pageRoutes(root: URL = PACKAGE): readonly ControlRoute[] {
  const part = (path: string, file: string, mediaType: string): ControlRoute => ({
    method: 'GET',
    path,
    open: true,
    answer: async () => ({
      file: { bytes: await readPart(new URL(file, root)), mediaType, headers: {}, cache: 'validate' },
    }),
  });
  return [
    {
      method: 'GET',
      path: '/',
      open: true,
      isPage: true,
      answer: async () => ({
        file: {
          bytes: await readPart(new URL('templates/inspector/index.html', root)),
          mediaType: 'text/html; charset=utf-8',
          headers: { 'content-security-policy': PAGE_POLICY },
          cache: 'never',
        },
      }),
    },
    part('/inspector.js', 'dist/pages/inspector.js', 'text/javascript; charset=utf-8'),
    part('/inspector.css', 'templates/inspector/inspector.css', 'text/css; charset=utf-8'),
    part('/favicon.svg', 'templates/inspector/favicon.svg', 'image/svg+xml'),
  ];
}

/** Read each time: it takes less than a millisecond, and a page that is being worked on is there after a reload. */
async function readPart(file: URL): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    throw new JwtDevError('ERR_FILE_READ', `Part of the inspector page is missing: ${fileURLToPath(file)}`, {
      cause: error,
      hint: 'Install jwt-dev again; in a checkout run: npm run build',
    });
  }
}
