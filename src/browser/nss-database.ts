import path from 'node:path';
import { JwtDevError } from '../errors.ts';
import { certutilHint } from '../system/certutil-hint.ts';
import { exists, makePrivateDir } from '../system/files.ts';
import { findProgram } from '../system/programs.ts';
import type { Run } from '../system/run.ts';
import type { BrowserWorld } from './find-browser.ts';
import type { BrowserTrust } from './types.ts';

/** Our entry in a database that only this profile reads. */
const NICKNAME = 'jwt-dev';

/** A primary password that the user has given the profile would be asked for; an empty file makes it a failure. */
const NO_PASSWORD = ['-f', '/dev/null'];

/**
 * Makes a private NSS database trust our CA, and no former one of ours.
 * @throws JwtDevError ERR_BROWSER where certutil is missing or fails; ERR_FILE_WRITE
 */
export async function trustInDatabase(
  dir: string,
  { caFile }: Pick<BrowserTrust, 'caFile'>,
  { run, ...world }: Omit<BrowserWorld, 'homeDir'> & { readonly run: Run },
): Promise<void> {
  const certutil = await findProgram('certutil', world);
  if (certutil === undefined) {
    throw new JwtDevError('ERR_BROWSER', 'certutil is missing, which gives a browser profile its CA', {
      hint: await certutilHint({ platform: world.platform, root: '/' }),
    });
  }
  const database = ['-d', `sql:${dir}`];
  const must = async (args: readonly string[]): Promise<void> => {
    const { exitCode, stderr } = await run(certutil, args);
    if (exitCode === 0) return;
    throw new JwtDevError('ERR_BROWSER', `certutil could not change ${dir}: ${stderr.trim()}`, {
      hint: `Close that browser and delete ${path.dirname(dir)}: it is made anew.`,
    });
  };
  await makePrivateDir(dir, null);
  if (!(await exists(path.join(dir, 'cert9.db')))) await must(['-N', ...database, '--empty-password']);
  else await run(certutil, ['-D', ...database, '-n', NICKNAME]);
  // `C`: a CA for TLS servers, and for nothing else.
  await must(['-A', ...database, '-n', NICKNAME, '-t', 'C,,', '-i', caFile, ...NO_PASSWORD]);
}
