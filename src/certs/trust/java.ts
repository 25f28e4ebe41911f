import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { exists, isWritable } from '../../system/files.ts';
import { findProgram } from '../../system/programs.ts';
import { splitPem } from '../facts.ts';
import { identifyRoot } from './root-identity.ts';
import type { FoundRoot, StoreFacts, TrustStore, TrustWorld } from './types.ts';

/** The password that every JDK ships with (JDK Security Guide, "cacerts"). It protects nothing: the file is public. */
const PASSWORD = 'changeit';

/** Where a Java home keeps its roots: Java 9 and later, then Java 8. */
const CACERTS = ['lib/security/cacerts', 'jre/lib/security/cacerts'];

/** The roots of the Java that JAVA_HOME names or the PATH finds, or undefined where there is none. */
export async function javaStore(world: TrustWorld): Promise<TrustStore | undefined> {
  const home = await findJavaHome(world);
  if (home === undefined) return undefined;
  for (const file of CACERTS) {
    const cacerts = path.join(home, file);
    if (await exists(cacerts)) return cacertsStore(world, home, await realpath(cacerts));
  }
  return undefined;
}

async function cacertsStore(world: TrustWorld, home: string, cacerts: string): Promise<TrustStore> {
  const keytool = path.join(home, 'bin', world.platform === 'win32' ? 'keytool.exe' : 'keytool');
  const keystore = ['-keystore', cacerts, '-storepass', PASSWORD];
  return {
    id: `java:${cacerts}`,
    kind: 'java',
    label: `Java (${home})`,
    location: cacerts,
    privileged: !(await isWritable(cacerts)),
    facts: () => javaFacts(world, keytool, keystore),
    installSteps: (root) => [
      {
        file: keytool,
        args: ['-importcert', '-noprompt', ...keystore, '-alias', root.name, '-file', root.file],
      },
    ],
    removeSteps: ({ storedAs }) => [
      { file: keytool, args: ['-delete', '-noprompt', ...keystore, '-alias', storedAs] },
    ],
  };
}

async function javaFacts(
  world: TrustWorld,
  keytool: string,
  keystore: readonly string[],
): Promise<StoreFacts> {
  const listing = await world.run(keytool, ['-J-Duser.language=en', '-list', '-rfc', ...keystore]);
  if (listing.exitCode !== 0) {
    const why =
      listing.errno === 'ENOENT' ? 'it has no keytool' : `keytool cannot read it: ${listing.stdout.trim()}`;
    return { state: 'unusable', why, hint: null };
  }
  const ours: FoundRoot[] = [];
  for (const { alias, pem } of parseKeystore(listing.stdout)) {
    const root = identifyRoot(pem);
    if (root !== undefined) ours.push({ ...root, storedAs: alias, trusted: true });
  }
  return { state: 'usable', ours };
}

/**
 * The listing of `keytool -list -rfc`. The alias matters: Debian hands the system's roots on to Java under names of
 * its own (`debian:…`) and forgets to take them back after `update-ca-certificates --fresh`.
 */
function parseKeystore(text: string): readonly { alias: string; pem: string }[] {
  return text.split(/^Alias name: /m).flatMap((entry) => {
    const [pem] = splitPem(entry);
    return pem === undefined ? [] : [{ alias: entry.slice(0, entry.indexOf('\n')).trim(), pem }];
  });
}

async function findJavaHome(world: TrustWorld): Promise<string | undefined> {
  const named = world.env['JAVA_HOME'] ?? '';
  if (path.isAbsolute(named) && (await exists(named))) return named;
  const java = await findProgram(world.platform === 'win32' ? 'java.exe' : 'java', world);
  // /usr/bin/java is a link into the Java home: <home>/bin/java.
  return java === undefined ? undefined : path.dirname(path.dirname(await realpath(java)));
}
