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
  const text = body === null || body.isCut ? '' : (body.text ?? '');
  return [
    `curl ${quote(url)}`,
    // A body makes it a POST unless told otherwise.
    ...(method === 'GET' && text === '' ? [] : [method === 'HEAD' ? '--head' : `-X ${quote(method)}`]),
    ...headers.map(([name, value]) => `-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(text === '' ? [] : [`--data-raw ${quote(text)}`]),
  ].join(' \\\n  ');
}

/** What a terminal may take for a key (Ctrl-C, the end of a paste) or obey: all control characters but tab and line feed. */
// oxlint-disable-next-line no-control-regex -- these are the characters in question.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/**
 * Between single quotes nothing but the quote itself means anything to a POSIX shell. Control characters are for the
 * terminal, which reads a pasted command first: they are written as octal escapes of dollar-single-quotes (POSIX.1-2024,
 * Shell, 2.2.4).
 */
function quote(text: string): string {
  if (CONTROL.test(text)) return `$'${escaped(text)}'`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function escaped(text: string): string {
  return text
    .replace(/[\\']/g, '\\$&')
    .replace(new RegExp(CONTROL, 'g'), (character) =>
      Array.from(
        new TextEncoder().encode(character),
        (byte) => `\\${byte.toString(8).padStart(3, '0')}`,
      ).join(''),
    );
}
