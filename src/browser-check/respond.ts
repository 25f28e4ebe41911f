import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON, or as it is. */
  readonly body?: unknown;
}

const ALWAYS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

export function refusal(status: number, message: string): Answer {
  return { status, body: { error: { code: 'ERR_BROWSER_CHECK', message } } };
}

export function wrongMethod(allowed: readonly string[]): Answer {
  return { ...refusal(405, 'This path does not know that method.'), headers: { allow: allowed.join(', ') } };
}

/** Sends an answer, whatever became of the request. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer,
): void {
  // What was not asked for is read past, so that the connection can be used again.
  request.resume();
  if (response.destroyed) return;
  response.on('error', () => response.destroy());
  const content =
    body === undefined || Buffer.isBuffer(body) ? body : Buffer.from(`${JSON.stringify(body)}\n`);
  const isJson = content !== undefined && content !== body;
  response.writeHead(status, {
    ...ALWAYS,
    ...(isJson ? { 'content-type': 'application/json' } : {}),
    ...(content === undefined ? {} : { 'content-length': String(content.length) }),
    ...Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : [...value],
      ]),
    ),
  });
  response.end(request.method === 'HEAD' ? undefined : content);
}
