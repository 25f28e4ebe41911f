import { readFile } from 'node:fs/promises';
import { CHECK_PREFIX, type CheckPlace } from './places.ts';

export interface PageFile {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the page is made of, by path. The same places hold in the package and beside the source, once it is built. */
const FILES = {
  [CHECK_PREFIX]: ['../../templates/check/index.html', 'text/html; charset=utf-8'],
  [`${CHECK_PREFIX}/style.css`]: ['../../templates/check/style.css', 'text/css; charset=utf-8'],
  [`${CHECK_PREFIX}/page.js`]: ['../../dist/pages/check.js', 'text/javascript; charset=utf-8'],
  [`${CHECK_PREFIX}/worker.js`]: ['../../dist/pages/check-worker.js', 'text/javascript; charset=utf-8'],
} as const;

export function isPageFile(path: string): path is keyof typeof FILES {
  return Object.hasOwn(FILES, path);
}

/** A file of the page with what it is sent with. @throws the file system's error where the package is incomplete. */
export async function readPageFile(path: keyof typeof FILES, place: CheckPlace): Promise<PageFile> {
  const [file, type] = FILES[path];
  return {
    body: await readFile(new URL(file, import.meta.url)),
    headers: {
      'content-type': type,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      ...extraHeaders(path, place),
    },
  };
}

function extraHeaders(path: keyof typeof FILES, place: CheckPlace): Readonly<Record<string, string>> {
  if (path === CHECK_PREFIX) return { 'content-security-policy': pagePolicy(place) };
  // The script is a level below what it is to control (Service Workers, "Service-Worker-Allowed").
  if (path.endsWith('/worker.js'))
    return { 'service-worker-allowed': CHECK_PREFIX, 'content-security-policy': "default-src 'none'" };
  return {};
}

/** Nothing from elsewhere, and calls to the two hosts only. Not every browser takes 'self' for WebSockets too. */
function pagePolicy({ frontend, api }: CheckPlace): string {
  const webSocket = (origin: string): string => origin.replace(/^https:/, 'wss:');
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "worker-src 'self'",
    `connect-src 'self' ${webSocket(frontend)} ${api} ${webSocket(api)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    // The stage of a run.
    "frame-ancestors 'self'",
    "require-trusted-types-for 'script'",
    'trusted-types jwt-dev-check',
  ].join('; ');
}
