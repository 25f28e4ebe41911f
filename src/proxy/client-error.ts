import type { ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { errnoOf } from '../errors.ts';
import { answerFailure, type OwnAnswerSettings } from './error-page.ts';
import type { Failure } from './types.ts';

/**
 * Answers what the HTTP/1.1 parser refuses (request smuggling, oversized headers, a header section that does
 * not end) and closes the connection: where the next request would begin is no longer known.
 * `owed`: the requests of that connection which have no complete answer yet.
 */
export function answerClientError(
  error: Error,
  socket: Duplex,
  owed: readonly ServerResponse[],
  settings: OwnAnswerSettings,
): void {
  // Bytes after a request with `Connection: close`: they are dropped, and its answer is not touched.
  if (errnoOf(error) === 'HPE_CLOSED_CONNECTION' && owed.length > 0) return;
  // Only the one request whose body is at fault may be answered so: bytes inside or before another answer would be read as it.
  if (!socket.writable || owed.length > 1 || owed[0]?.headersSent === true) {
    socket.destroy();
    return;
  }
  const answer = answerFailure(failureFor(error), { method: 'GET', headers: [] }, settings);
  const status = answer.status;
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\n`;
  for (let at = 0; at < answer.headers.length; at += 2) {
    head += `${answer.headers[at]}: ${answer.headers[at + 1]}\r\n`;
  }
  socket.end(`${head}\r\n${answer.body}`, () => socket.destroy());
}

function failureFor(error: Error): Failure {
  const code = errnoOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') {
    return {
      code: 'ERR_HEADERS_TOO_LARGE',
      message: 'The header section of the request is too large.',
      hint: 'Cookies that piled up are the usual reason. Delete the cookies of the site in the browser.',
    };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return {
      code: 'ERR_REQUEST_TIMEOUT',
      message: 'The request did not arrive in time.',
      hint: 'This is a mistake in the program that sent the request.',
    };
  }
  return {
    code: 'ERR_BAD_REQUEST',
    message: `The request is not valid HTTP (${code ?? error.message}).`,
    hint: 'This is a mistake in the program that sent the request.',
  };
}
