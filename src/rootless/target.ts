/** Where a client of the forward proxy wants to go, if that is one of our names. */
export type ConnectTarget = { readonly hostname: string; readonly as: 'https' | 'http' } | Refusal;

export type PlainTarget = { readonly location: string } | Refusal;

/** Why it goes nowhere: the answer's status, and a sentence for whoever reads its body. */
export interface Refusal {
  readonly status: 400 | 403;
  readonly message: string;
}

/** Nothing that could hide another host: no userinfo, no path, no space, no escape. IPv6 literals have brackets. */
const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/i;

/**
 * The target of a CONNECT request: host and port, nothing else (RFC 9110, section 9.3.6). Only 443 and 80 of our
 * names lead anywhere.
 * @param hostnames lower-case ASCII, without a final dot.
 */
export function parseConnectTarget(target: string, hostnames: ReadonlySet<string>): ConnectTarget {
  const colon = target.lastIndexOf(':');
  const host = target.slice(0, Math.max(colon, 0));
  const port = target.slice(colon + 1);
  if (!HOST.test(host) || !/^\d{1,5}$/.test(port)) {
    return malformed('The target of a CONNECT request is a host name and a port, such as example.com:443.');
  }
  const hostname = known(host, hostnames);
  if (typeof hostname !== 'string') return hostname;
  if (port === '443') return { hostname, as: 'https' };
  if (port === '80') return { hostname, as: 'http' };
  return refusedPort(hostname, port);
}

/**
 * The target of any other request that is meant for a proxy: absolute-form (RFC 9112, section 3.2.2), which browsers
 * use for http URLs. Plain http is only ever led to https.
 */
export function parsePlainTarget(target: string, hostnames: ReadonlySet<string>): PlainTarget {
  const {
    scheme = '',
    authority = '',
    rest = '',
  } = /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<authority>[^/?#]*)(?<rest>.*)$/i.exec(target)?.groups ?? {};
  const { host = '', port = '80' } = /^(?<host>.*?)(?::(?<port>\d{1,5}))?$/.exec(authority)?.groups ?? {};
  if (scheme === '' || !HOST.test(host)) {
    return malformed('The target of a request to a proxy is a whole URL without a user name.');
  }
  const hostname = known(host, hostnames);
  if (typeof hostname !== 'string') return hostname;
  if (scheme.toLowerCase() !== 'http') {
    return {
      status: 403,
      message: `For ${scheme.toLowerCase()} URLs open a tunnel: CONNECT ${hostname}:443.`,
    };
  }
  if (port !== '80') return refusedPort(hostname, port);
  return { location: `https://${hostname}${rest.startsWith('/') ? rest : `/${rest}`}` };
}

/** The name as we write it, whatever its letter case and with or without the final dot of a rooted name. */
function known(host: string, hostnames: ReadonlySet<string>): string | Refusal {
  const hostname = host.toLowerCase().replace(/\.$/, '');
  if (hostnames.has(hostname)) return hostname;
  return {
    status: 403,
    message: `This proxy leads to ${[...hostnames].join(', ')} and to nothing else, so not to ${host.slice(0, 253)}. Let the client go there directly: use /proxy.pac, or NO_PROXY.`,
  };
}

function refusedPort(hostname: string, port: string): Refusal {
  return { status: 403, message: `Of ${hostname} only the ports 443 and 80 are here, not ${port}.` };
}

function malformed(message: string): Refusal {
  return { status: 400, message };
}
