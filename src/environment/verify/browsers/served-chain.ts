import tls from 'node:tls';
import type { InstanceFacts } from '../../../control/types.ts';

const LIMIT_MS = 5_000;

/**
 * The certificate that the environment serves, PEM; empty where it does not answer. Asked of its own address, and compared
 * with nothing: what a browser is told of it holds for a private profile alone.
 */
export function readChain({ address, httpsPort, hostnames }: InstanceFacts): Promise<string> {
  return new Promise((resolve) => {
    const [servername = 'localhost'] = hostnames;
    const socket = tls.connect({ host: address, port: httpsPort, servername, rejectUnauthorized: false });
    const finish = (pem: string): void => {
      socket.destroy();
      resolve(pem);
    };
    socket.once('secureConnect', () => finish(socket.getPeerX509Certificate()?.toString() ?? ''));
    socket.once('error', () => finish(''));
    socket.setTimeout(LIMIT_MS, () => finish(''));
  });
}
