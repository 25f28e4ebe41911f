import { readFile } from 'node:fs/promises';
import https from 'node:https';

/** Asks one of an environment's origins as a program that trusts its CA does; gives the status. */
export async function ask(
  origin: string,
  caFile: string,
  pathname: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  const ca = await readFile(caFile, 'utf8');
  const { hostname, port, host } = new URL(origin);
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: port || 443, servername: hostname, ca, agent: false };
    https
      .get({ ...options, path: pathname, headers: { host, ...headers } }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      })
      .once('error', reject);
  });
}
