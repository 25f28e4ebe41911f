import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { PAC_TYPE, pacSource } from './pac.ts';
import { parsePlainTarget } from './target.ts';

export interface AnswerFacts {
  readonly hostnames: readonly string[];
  /** Where the forward proxy listens: `127.0.0.1:5198`. */
  readonly authority: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Refused {
  readonly status: number;
  readonly message: string;
}

/** A browser asks for the PAC file by one of these; any other name is a page of somebody else's (DNS rebinding). */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

/** Answers everything but CONNECT. One answer for each connection: nobody has a second question. */
export function answerRequest(request: IncomingMessage, response: ServerResponse, facts: AnswerFacts): void {
  const { status, headers, body } = decide(request, facts);
  response.writeHead(status, {
    ...headers,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  request.resume();
}

function decide(request: IncomingMessage, facts: AnswerFacts): Answer {
  const { url = '', method = 'GET' } = request;
  if (!url.startsWith('/')) {
    const target = parsePlainTarget(url, new Set(facts.hostnames));
    if ('status' in target) return refusal(target);
    // As on the plain port: 308 keeps method and body (RFC 9110, section 15.4.9).
    return { status: 308, headers: { Location: target.location }, body: '' };
  }
  if (!LOOPBACK_HOST.test(request.headers.host ?? '')) {
    return refusal({ status: 403, message: 'This is a forward proxy, not a website.' });
  }
  if (url.split('?')[0] !== '/proxy.pac') {
    return refusal({
      status: 404,
      message: 'There is only /proxy.pac here; all else goes through the proxy.',
    });
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return refusal({ status: 405, message: 'The PAC file can only be read.' }, { Allow: 'GET, HEAD' });
  }
  return {
    status: 200,
    // No page may load it as a script and learn the names.
    headers: { 'Content-Type': PAC_TYPE, ...NOT_FOR_PAGES },
    body: pacSource(facts.hostnames, facts.authority),
  };
}

const NOT_FOR_PAGES = {
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

function refusal({ status, message }: Refused, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...NOT_FOR_PAGES, ...headers },
    body: `jwt-dev: ${message}\n`,
  };
}

/** A refusal as it goes on the wire, where Node's server has given the connection away. */
export function refusalText(refused: Refused): string {
  const { status, headers, body } = refusal(refused);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
