import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { cleanEnv } from './cli.ts';

/** Debian's Chromium; without it these tests fail, they do not skip. */
export const chromiumFile = process.env['JWT_DEV_TEST_CHROMIUM'] ?? '/usr/bin/chromium';

/**
 * A Chromium whose home is `home`: it trusts the given CA through its own NSS
 * database and finds the names on this machine. Nothing is ignored.
 */
export async function launchChromium(
  home: string,
  caFile: string,
  hostnames: readonly string[],
): Promise<Browser> {
  const nssdb = path.join(home, '.pki', 'nssdb');
  mkdirSync(nssdb, { recursive: true, mode: 0o700 });
  const certutil = (...args: readonly string[]): void => {
    execFileSync('certutil', ['-d', `sql:${nssdb}`, ...args], { env: cleanEnv(home), stdio: 'pipe' });
  };
  certutil('-N', '--empty-password');
  certutil('-A', '-t', 'C,,', '-n', 'jwt-dev test', '-i', caFile);
  return chromium.launch({
    executablePath: chromiumFile,
    env: cleanEnv(home),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=${hostnames.map((name) => `MAP ${name} 127.0.0.1`).join(', ')}`,
    ],
  });
}
