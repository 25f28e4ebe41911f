import type { IncomingMessage } from 'node:http';
import { JwtDevError } from '../errors.ts';
import { Refusal } from './refusal.ts';

const LIMIT_BYTES = 64 * 1024;

/**
 * The body of a request as JSON (RFC 8259).
 * @throws Refusal 415, 413; JwtDevError ERR_USAGE for what is no JSON
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const mediaType = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json')
    throw new Refusal(415, 'ERR_MEDIA_TYPE', 'The body must be JSON: Content-Type: application/json.');
  if (Number(request.headers['content-length'] ?? 0) > LIMIT_BYTES) throw tooLarge();
  const bytes = await readBody(request);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    // TextDecoder throws a TypeError for what is no UTF-8.
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw new JwtDevError('ERR_USAGE', 'The body is not JSON', { cause: error });
  }
}

/** Listens by hand: leaving a `for await` early would end the connection, and with it the answer. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LIMIT_BYTES) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(tooLarge());
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Refusal(400, 'ERR_BAD_REQUEST', 'The body is not all there.')));
  });
}

function tooLarge(): Refusal {
  return new Refusal(413, 'ERR_TOO_LARGE', `The body may be ${LIMIT_BYTES / 1024} KiB at most.`);
}
