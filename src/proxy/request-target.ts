import { headersOf } from './headers.ts';
import { parseHostname } from './routes.ts';
import type { Failure, HeaderList } from './types.ts';

export interface RequestTarget {
  /** Host and port as the client wrote them. */
  readonly authority: string;
  readonly hostname: string;
  /** Path and query, origin-form; `*`: the whole server (OPTIONS alone). */
  readonly path: string;
}

export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** HTTP/2's `:authority`. */
  readonly authority: string | undefined;
  readonly headers: HeaderList;
}

/** Which host and path a request is for (RFC 9112, sections 3.2 and 3.3; RFC 9113, section 8.3.1), or why that cannot be said. */
export function parseRequestTarget(head: RequestHead): RequestTarget | Failure {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(head.target);
  const hosts = headersOf(head.headers, 'host');
  if (hosts.length > 1) return badRequest('The request has more than one Host header.');
  if (head.authority !== undefined && hosts[0] !== undefined && !sameHost(head.authority, hosts[0])) {
    return badRequest('The Host header and :authority of the request differ.');
  }
  // An absolute-form target wins over Host (RFC 9112, section 3.2.2).
  const authority = absolute?.[1] ?? head.authority ?? hosts[0];
  if (authority === undefined || authority === '') {
    return {
      code: 'ERR_HOST_MISSING',
      message: 'The request names no host.',
      hint: 'Send a Host header. Browsers and curl do so by themselves.',
    };
  }
  const hostname = parseHostname(authority);
  if (hostname === undefined) return badRequest('The Host header of the request is not a host name.');
  const path = absolute === null ? head.target : pathOf(absolute[2] ?? '', head.method);
  const isPath = path.startsWith('/') || (path === '*' && head.method === 'OPTIONS');
  if (!isPath) return badRequest('The request target is not a path.');
  return { authority, hostname, path };
}

export function isFailure(value: RequestTarget | Failure): value is Failure {
  return 'code' in value;
}

function sameHost(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What follows the authority of an absolute-form target. OPTIONS without any asks the whole server (RFC 9112, section 3.2.4). */
function pathOf(rest: string, method: string): string {
  if (rest === '' && method === 'OPTIONS') return '*';
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function badRequest(message: string): Failure {
  return {
    code: 'ERR_BAD_REQUEST',
    message,
    hint: 'This is a mistake in the program that sent the request.',
  };
}
