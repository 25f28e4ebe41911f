import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.ts';

export interface AccessQuestion {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  /** The port that the server listens on. */
  readonly port: number;
  /** What is asked for is a page that links of other sites may lead to. */
  readonly isPage: boolean;
}

/**
 * Why a browser's request is not one of our own page's, or undefined. Pure. Requests of programs carry none of these
 * headers but Host, and pass.
 *
 * - Host: only names that always mean this machine. A name that was rebound to loopback stands for itself there.
 * - Origin: every request that another origin's script makes with CORS, every POST of a form (RFC 6454, section 7.3).
 * - Sec-Fetch-Site: the rest of what other sites can cause, such as images and scripts (W3C Fetch Metadata).
 */
export function refuseForeign({ method, headers, port, isPage }: AccessQuestion): Refusal | undefined {
  const host = headers.host?.toLowerCase() ?? '';
  if (!['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port}`))
    return new Refusal(403, 'ERR_HOST', 'The Host header is not the one of this server.');
  if (headers.origin !== undefined && headers.origin !== `http://${host}`)
    return new Refusal(403, 'ERR_ORIGIN', 'Pages of other origins get nothing here.');
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  const isNavigation =
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    headers.upgrade === undefined;
  if (isNavigation && isPage) return undefined;
  return new Refusal(403, 'ERR_ORIGIN', 'Other sites get nothing here.');
}

/** Hashed first: equal lengths for the comparison, which must not tell how much was right (RFC 6750, section 2.1). */
export function knowsSecret({ authorization }: IncomingHttpHeaders, secret: string): boolean {
  const sent = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(sent), hash(secret));
}
