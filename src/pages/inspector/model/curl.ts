import type { ExchangeDetail } from '../shapes.ts';

/** curl makes these by itself. */
const OWN_OF_CURL = new Set(['host', 'content-length', 'connection', 'accept-encoding', 'transfer-encoding']);
const SECRET = new Set(['cookie', 'authorization', 'proxy-authorization', 'x-csrftoken']);

/**
 * The request as a command for a POSIX shell. Headers that carry a secret are left out unless the exchange was asked for
 * with its secrets; a body that was not kept as a whole is left out, too.
 */
export function toCurl(detail: Pick<ExchangeDetail, 'method' | 'url' | 'revealed' | 'request'>): string {
  const { method, url, revealed, request } = detail;
  const headers = request.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !lower.startsWith(':') && !OWN_OF_CURL.has(lower) && (revealed || !SECRET.has(lower));
  });
  const { body } = request;
  const text = body === null || body.isCut ? null : body.text;
  return [
    `curl ${quote(url)}`,
    ...(method === 'GET' ? [] : [method === 'HEAD' ? '--head' : `-X ${quote(method)}`]),
    ...headers.map(([name, value]) => `-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(text === null || text === '' ? [] : [`--data-raw ${quote(text)}`]),
  ].join(' \\\n  ');
}

/** Between single quotes nothing but the quote itself means anything to a POSIX shell. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
