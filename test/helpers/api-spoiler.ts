import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** An answer on its way to the client. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly requestHeaders: http.IncomingHttpHeaders;
  status: number;
  /** In their order, names as they came. */
  headers: [string, string][];
  body: string;
}

/** A backend that has one fault: it stands before a good one and spoils its answers. Answers its base URL. */
export async function spoil(base: string, change: (answer: Passing) => void): Promise<string> {
  const server = http
    .createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const forward = http.request(
          base + (request.url ?? '/'),
          { method: request.method, headers: request.headers },
          (answered) => {
            const parts: Buffer[] = [];
            answered.on('data', (part: Buffer) => parts.push(part));
            answered.on('end', () => {
              const raw = answered.rawHeaders;
              const passing: Passing = {
                method: request.method ?? 'GET',
                path: request.url ?? '/',
                requestHeaders: request.headers,
                status: answered.statusCode ?? 0,
                headers: raw.flatMap((name, index): [string, string][] =>
                  index % 2 === 0 && !/^(content-length|transfer-encoding|connection)$/i.test(name)
                    ? [[name, raw[index + 1] ?? '']]
                    : [],
                ),
                body: Buffer.concat(parts).toString(),
              };
              change(passing);
              response.writeHead(passing.status, passing.headers.flat());
              response.end(passing.body);
            });
          },
        );
        forward.on('error', (error) => response.destroy(error));
        forward.end(Buffer.concat(chunks));
      });
    })
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The headers without those of a name. */
export function without(headers: readonly [string, string][], name: string): [string, string][] {
  return headers.filter(([each]) => each.toLowerCase() !== name.toLowerCase());
}

/** Changes each header of a name. */
export function mapHeader(answer: Passing, name: string, change: (value: string) => string): void {
  answer.headers = answer.headers.map(([each, value]) =>
    each.toLowerCase() === name.toLowerCase() ? [each, change(value)] : [each, value],
  );
}
