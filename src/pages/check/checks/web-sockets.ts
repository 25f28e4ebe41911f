import { fail, type Outcome, pass } from '../outcome.ts';
import { CHECK_PATH, type Check } from '../world.ts';

const WAIT_MS = 5_000;

/** To the page's own host: the way of hot reloading. To the API's: that of live data. */
export const WEB_SOCKET_CHECKS: readonly Check[] = [
  {
    id: 'websocket-frontend',
    title: 'WebSocket to the frontend',
    run: ({ settings }) => echo(settings.frontend),
  },
  {
    id: 'websocket-api',
    title: 'WebSocket to the API',
    needsApi: true,
    run: ({ settings }) => echo(settings.api),
  },
];

async function echo(origin: string): Promise<Outcome> {
  const url = `${origin.replace(/^https:/, 'wss:')}${CHECK_PATH}/socket`;
  const word = crypto.randomUUID();
  const start = performance.now();
  const socket = new WebSocket(url);
  try {
    const heard = await new Promise<string>((resolve) => {
      socket.addEventListener('open', () => socket.send(word));
      socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => resolve(String(data)));
      socket.addEventListener('close', ({ code }) => resolve(`closed with code ${code}`));
      setTimeout(() => resolve(`no answer within ${WAIT_MS / 1_000} s`), WAIT_MS);
    });
    const ms = Math.round(performance.now() - start);
    return heard === word
      ? pass(`${url} opened and echoed a message within ${ms} ms.`)
      : fail(
          `${url}: ${heard}.`,
          'A proxy, a VPN or a scanner between browser and jwt-dev may not pass WebSockets on; make an exception for these hosts.',
        );
  } finally {
    socket.close();
  }
}
