import { connect, createServer } from 'node:net';

const CONNECT_TIMEOUT_MS = 1_000;

/** Whether something accepts connections on a port, on either loopback family. */
export async function acceptsConnections(port: number): Promise<boolean> {
  const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => accepts(host, port)));
  return answers.includes(true);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const answer = (is: boolean) => (): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', answer(true));
    socket.once('timeout', answer(false));
    // Refused, or this machine has no such address family: either way nobody answers there.
    socket.once('error', answer(false));
  });
}

/** A port that nobody listens on, on either loopback family, at this moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    const port = await new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: '127.0.0.1', port: 0 }, () => {
        const address = server.address();
        if (typeof address === 'object' && address !== null) resolve(address.port);
      });
    });
    await new Promise<void>((resolve) => void server.close(() => resolve()));
    if (!(await acceptsConnections(port))) return port;
  }
}
