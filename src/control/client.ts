import http from 'node:http';
import { json } from 'node:stream/consumers';
import { errnoOf } from '../errors.ts';
import type { Health, InstanceRecord } from './types.ts';

export interface ControlReply {
  readonly status: number;
  readonly body: unknown;
}

export interface ControlQuestion {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly timeoutMs: number;
}

/** Why there is no answer although the process lives: it is starting or stopping, or hangs. */
const SILENCE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ABORT_ERR']);

/** Asks a running environment. undefined: it does not answer (yet, or any more). */
export async function askControl(
  record: Pick<InstanceRecord, 'secret' | 'facts'>,
  { method, path, timeoutMs }: ControlQuestion,
): Promise<ControlReply | undefined> {
  if (record.facts === null) return undefined;
  const url = new URL(path, record.facts.control);
  try {
    return await new Promise<ControlReply>((resolve, reject) => {
      const request = http.request(url, {
        method,
        headers: { authorization: `Bearer ${record.secret}` },
        signal: AbortSignal.timeout(timeoutMs),
      });
      request.once('error', reject);
      request.once('response', (response) => {
        json(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      });
      request.end();
    });
  } catch (error) {
    if (SILENCE.has(errnoOf(error) ?? '') || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Every part is probed at once, for two seconds at most. */
const HEALTH_TIMEOUT_MS = 5_000;

/** How the environment says that it is. undefined: it does not say. */
export async function askHealth(
  record: Pick<InstanceRecord, 'secret' | 'facts'>,
): Promise<Health | undefined> {
  const reply = await askControl(record, { method: 'GET', path: '/health', timeoutMs: HEALTH_TIMEOUT_MS });
  return reply === undefined || (reply.status !== 200 && reply.status !== 503)
    ? undefined
    : (reply.body as Health);
}
