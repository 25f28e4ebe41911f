import { statusOf } from './failures.ts';
import { headerOf } from './headers.ts';
import { escapeHtml, fit } from './html-text.ts';
import type { Failure, HeaderList } from './types.ts';
import type { UpstreamFacts } from './upstream-process.ts';

export interface OwnAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string;
}

export interface OwnAnswerRequest {
  readonly method: string;
  readonly headers: HeaderList;
}

export interface OwnAnswerSettings {
  /** The origin that may read the answer with credentials. */
  readonly frontendOrigin: string;
  /** For the page's Content-Security-Policy; unguessable. */
  readonly nonce: string;
}

/**
 * What the proxy answers by itself. CORS headers for the frontend's origin are always on it: without them a browser
 * hides the status from the page, and a dead backend looks like a CORS mistake. `upstream`: whom the failure is about.
 */
export function answerFailure(
  failure: Failure,
  request: OwnAnswerRequest,
  settings: OwnAnswerSettings,
  upstream?: UpstreamFacts,
): OwnAnswer {
  const preflight = answerPreflight(request, settings);
  if (preflight !== undefined) return preflight;
  const status = statusOf(failure);
  const page = wantsPage(request.headers);
  const body = page
    ? renderPage({ failure, status, upstream, nonce: settings.nonce, isGet: request.method === 'GET' })
    : `${JSON.stringify({ error: { code: failure.code, message: failure.message, hint: failure.hint }, upstream })}\n`;
  return {
    status,
    headers: [
      'content-type',
      page ? 'text/html; charset=utf-8' : 'application/json',
      'content-length',
      String(Buffer.byteLength(body)),
      'cache-control',
      'no-store',
      ERROR_HEADER,
      failure.code,
      'x-content-type-options',
      'nosniff',
      'content-security-policy',
      `default-src 'none'; style-src 'nonce-${settings.nonce}'; script-src 'nonce-${settings.nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`,
      ...corsHeaders(settings.frontendOrigin),
    ],
    body,
  };
}

/** Tells an answer of the proxy from one of the upstream, also where both are a 502. */
export const ERROR_HEADER = 'x-jwt-dev-error';

/**
 * A preflight that fails is reported to the page as a CORS error, and the request that would carry the status
 * is never sent. So the frontend's preflight is granted, and the request itself then gets the failure.
 * Not remembered (Max-Age 0): the upstream's own rules must count again as soon as it is back.
 */
function answerPreflight(request: OwnAnswerRequest, settings: OwnAnswerSettings): OwnAnswer | undefined {
  const method = headerOf(request.headers, 'access-control-request-method');
  const fromFrontend = headerOf(request.headers, 'origin') === settings.frontendOrigin;
  if (request.method !== 'OPTIONS' || method === undefined || !fromFrontend) return undefined;
  const fields = headerOf(request.headers, 'access-control-request-headers');
  return {
    status: 204,
    headers: [
      ...corsHeaders(settings.frontendOrigin),
      'access-control-allow-methods',
      method,
      ...(fields === undefined ? [] : ['access-control-allow-headers', fields]),
      'access-control-max-age',
      '0',
      'cache-control',
      'no-store',
    ],
    body: '',
  };
}

/** Also without an Origin in the request: a browser compares the value with the page's origin by itself. */
export function corsHeaders(frontendOrigin: string): string[] {
  return [
    'access-control-allow-origin',
    frontendOrigin,
    'access-control-allow-credentials',
    'true',
    'access-control-expose-headers',
    ERROR_HEADER,
    'vary',
    'Origin, Accept, Sec-Fetch-Mode',
  ];
}

/** A page for a person: what the address bar or a frame loads (Fetch Metadata), or what asks for HTML where that is not said. */
function wantsPage(headers: HeaderList): boolean {
  const mode = headerOf(headers, 'sec-fetch-mode');
  if (mode !== undefined) return mode === 'navigate';
  const accept = headerOf(headers, 'accept') ?? '';
  return accept.includes('text/html') && !accept.startsWith('application/json');
}

const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:12vh auto;padding:0 1.5rem}
h1{font-size:1.4rem}p{margin:.8rem 0}pre,small{font-family:ui-monospace,monospace}small{opacity:.7}pre{font-size:.8rem;white-space:pre-wrap;overflow-wrap:anywhere;
padding:.8rem;border:1px solid;border-radius:.3rem}`;

/** Asks once a second, and loads the page again once the answer is no longer the proxy's own. */
const RELOAD_SCRIPT = `const ask=async()=>{try{const answer=await fetch(location.href,{method:'HEAD',cache:'no-store'});
if(!answer.headers.has('${ERROR_HEADER}'))return location.reload()}catch(error){console.debug(error)}setTimeout(ask,1000)};setTimeout(ask,1000)`;

interface Page {
  readonly failure: Failure;
  readonly status: number;
  readonly upstream: UpstreamFacts | undefined;
  readonly nonce: string;
  readonly isGet: boolean;
}

/** Below 10 kB, whatever the texts are. */
function renderPage({ failure, status, upstream, nonce, isGet }: Page): string {
  // A page that came from a form would be sent a second time by a reload.
  const reloads = isGet && status >= 502 && status <= 504;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${status}: ${escapeHtml(failure.code)}</title>
<style nonce="${nonce}">${STYLE}</style>
<h1>${escapeHtml(fit(failure.message, 700))}</h1>
<p>${escapeHtml(fit(failure.hint, 900))}</p>
${reloads ? '<p>This page loads again by itself once there is an answer.</p>' : ''}
${upstream === undefined ? '' : renderUpstream(upstream)}
<p><small>${status} ${escapeHtml(failure.code)} · jwt-dev</small></p>
${reloads ? `<script nonce="${nonce}">${RELOAD_SCRIPT}</script>` : ''}
</html>
`;
}

function renderUpstream({ label, process }: UpstreamFacts): string {
  if (process === null) return `<p><small>Upstream: ${escapeHtml(label)}</small></p>`;
  const { command, state, pid, lastExit, lastLines } = process;
  const facts = [label, command, state];
  if (pid !== null) facts.push(`pid ${pid}`);
  if (lastExit !== null) facts.push(`last ended with ${lastExit}`);
  const about = `<p><small>Upstream: ${facts.map(escapeHtml).join(' · ')}</small></p>`;
  if (lastLines.length === 0) return about;
  return `${about}\n<p>Its last output:</p>\n<pre>${lastLines.map(escapeHtml).join('\n')}</pre>`;
}
