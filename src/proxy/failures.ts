import { errnoOf, messageOf } from '../errors.ts';
import type { Failure, FailureCode } from './types.ts';

const STATUS: Readonly<Record<FailureCode, number>> = {
  ERR_BAD_REQUEST: 400,
  ERR_HOST_MISSING: 400,
  ERR_REQUEST_TIMEOUT: 408,
  ERR_HOST_UNKNOWN: 421,
  ERR_HEADERS_TOO_LARGE: 431,
  ERR_NOT_SUPPORTED: 501,
  ERR_PROXY: 500,
  ERR_UPSTREAM_UNREACHABLE: 502,
  ERR_UPSTREAM_CLOSED: 502,
  ERR_UPSTREAM_PROTOCOL: 502,
  ERR_UPSTREAM_TLS: 502,
  ERR_UPSTREAM_TIMEOUT: 504,
  ERR_PROXY_LOOP: 508,
  // Nobody is there to read it; nginx logs 499 for the same.
  ERR_CLIENT_ABORTED: 499,
};

export function statusOf(failure: Failure): number {
  return STATUS[failure.code];
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EADDRNOTAVAIL',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

const REQUEST_AT_FAULT: ReadonlySet<string> = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
]);

/** What a failed exchange with an upstream means. `error`: from undici or from node:http. */
export function describeUpstreamError(error: unknown, label: string): Failure {
  const code = errnoOf(error) ?? '';
  if (UNREACHABLE.has(code)) {
    return {
      code: 'ERR_UPSTREAM_UNREACHABLE',
      message: `Nothing answers at ${label} (${code}).`,
      hint: 'Start the server that should answer there, or correct its port in the configuration.',
    };
  }
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'ETIMEDOUT') {
    return {
      code: 'ERR_UPSTREAM_TIMEOUT',
      message: `${label} did not answer in time.`,
      hint: 'Look at what that server is busy with: a breakpoint, a deadlock, a request of its own that hangs.',
    };
  }
  if (REQUEST_AT_FAULT.has(code)) {
    return {
      code: 'ERR_BAD_REQUEST',
      message: `The request cannot be passed on: ${messageOf(error)}.`,
      hint: 'This is a mistake in the program that sent the request.',
    };
  }
  const mistake = mistakeInAnswer(error, code);
  if (mistake !== undefined) {
    // llhttp's words for a first line that is none: an https port answers http with an alert, SSH with its banner.
    const isWebServer = !mistake.includes('Expected HTTP/');
    return {
      code: 'ERR_UPSTREAM_PROTOCOL',
      message: `${label} did not answer with valid HTTP: ${mistake}.`,
      hint: isWebServer
        ? 'Look in that server for code or a library that writes header fields or bodies by itself; HTTP clients refuse such an answer.'
        : 'Check that a web server listens there, and whether it wants https instead of http.',
    };
  }
  if (isTlsError(code)) {
    return {
      code: 'ERR_UPSTREAM_TLS',
      message: `The TLS connection to ${label} failed: ${messageOf(error)}.`,
      hint: 'Name the CA of that server in the configuration, or use its http port.',
    };
  }
  return {
    code: 'ERR_UPSTREAM_CLOSED',
    message: `${label} closed the connection before it had answered${code === '' ? '' : ` (${code})`}.`,
    hint: 'Look at the output of that server: it may have crashed or restarted.',
  };
}

/** What is wrong with an answer that is no valid HTTP; undefined: that is not what failed. */
function mistakeInAnswer(error: unknown, code: string): string | undefined {
  // node:http gives the parser's code, undici the name of its class alone.
  const isParserError =
    code.startsWith('HPE_') || (error instanceof Error && error.name === 'HTTPParserError');
  if (isParserError || code === 'UND_ERR_HEADERS_OVERFLOW' || isUnsendable(error)) return messageOf(error);
  if (isUnaskedContinue(error)) return 'it sent 100 Continue, which nothing had asked it for';
  if (isUnaskedUpgrade(error)) return unaskedUpgrade().message;
  if (isLengthMismatch(error))
    return 'its Content-Length stands there twice or is not the length of the body that came';
  // undici asserts that the status has three digits.
  return code === 'ERR_ASSERTION' ? 'its status is none' : undefined;
}

/** undici takes neither from a server, where a client should skip a 100 (RFC 9110, section 15.2); its words for both. */
export function isUnaskedContinue(error: unknown): boolean {
  return errnoOf(error) === 'UND_ERR_SOCKET' && messageOf(error) === 'bad response';
}

function isUnaskedUpgrade(error: unknown): boolean {
  return errnoOf(error) === 'UND_ERR_SOCKET' && messageOf(error) === 'bad upgrade';
}

export function isLengthMismatch(error: unknown): boolean {
  return errnoOf(error) === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
}

export function unaskedUpgrade(): Error {
  return invalidAnswer('it switched to another protocol, which nothing had asked it for');
}

/** For an answer that the parsers let pass and that must not go on. */
export function invalidAnswer(message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_HTTP_INVALID_ANSWER' });
}

/** For an upstream whose answer does not come, where node:http is asked to look after the time. */
export function timedOut(): Error {
  return Object.assign(new Error('The upstream did not answer in time.'), { code: 'ETIMEDOUT' });
}

/** Thrown by node:http and node:http2 for a field of the upstream that may not be sent on. */
export function isUnsendable(error: unknown): boolean {
  const code = errnoOf(error) ?? '';
  return code.startsWith('ERR_HTTP') || code.startsWith('ERR_INVALID_');
}

function isTlsError(code: string): boolean {
  return (
    code.startsWith('ERR_TLS') ||
    code.startsWith('ERR_SSL') ||
    code.startsWith('CERT_') ||
    code.endsWith('_CERT') ||
    code.startsWith('UNABLE_TO_') ||
    code.endsWith('SELF_SIGNED_CERT_IN_CHAIN') ||
    code === 'EPROTO'
  );
}

/** A connection that ended before any byte of an answer: a kept-alive one may just have been closing. */
export function isConnectionLoss(error: unknown): boolean {
  const code = errnoOf(error);
  if (isUnaskedContinue(error) || isUnaskedUpgrade(error)) return false;
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}

export function clientAborted(): Failure {
  return {
    code: 'ERR_CLIENT_ABORTED',
    message: 'The client left before it had the whole answer.',
    hint: 'Browsers do so when a page is left or a fetch is aborted.',
  };
}

export function hostUnknown(hostname: string, known: readonly string[]): Failure {
  return {
    code: 'ERR_HOST_UNKNOWN',
    message: `${hostname} is not one of the hosts here.`,
    hint: `Served are ${known.join(', ')}. Add others to the configuration.`,
  };
}

export function pathAmbiguous(hostname: string): Failure {
  return {
    code: 'ERR_BAD_REQUEST',
    message: `The path of the request can be read in several ways, which lead to different upstreams of ${hostname}.`,
    hint: 'Send the path without doubled slashes, dot segments, backslashes and needless escapes, as browsers do.',
  };
}

export function proxyLoop(hostname: string, hops: number): Failure {
  return {
    code: 'ERR_PROXY_LOOP',
    message: `The request for ${hostname} came back to this proxy ${hops} times.`,
    hint: 'The upstream passes requests on to the host that it serves. With Vite, point server.proxy at the port of the API server, or set changeOrigin: true.',
  };
}

export function notSupported(message: string): Failure {
  return { code: 'ERR_NOT_SUPPORTED', message, hint: 'Use an ordinary request or a WebSocket.' };
}

export function upgradeRefused(): Failure {
  return {
    code: 'ERR_UPSTREAM_PROTOCOL',
    message: 'The upstream switched protocols, but not to WebSocket.',
    hint: 'Check that a WebSocket server listens at that path.',
  };
}

export function bodyStalled(): Failure {
  return {
    code: 'ERR_REQUEST_TIMEOUT',
    message: 'The client stopped sending in the middle of its request.',
    hint: 'Check that its Content-Length is not larger than what it sends.',
  };
}

export function proxyFault(error: unknown): Failure {
  return {
    code: 'ERR_PROXY',
    message: `The proxy failed: ${messageOf(error)}.`,
    hint: 'Please report this with the command that you ran.',
  };
}
