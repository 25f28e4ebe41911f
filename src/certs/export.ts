import path from 'node:path';
import { JwtDevError } from '../errors.ts';
import { makePrivateDir, type Owner, readFileIfPresent, writeFileAtomic } from '../system/files.ts';
import { splitPem } from './facts.ts';
import type { TlsMaterial } from './material.ts';

export interface ExportedFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly chainFile: string;
  readonly keyFile: string;
}

/**
 * Copies what a server and its clients need into a directory of the user's: for containers and other machines.
 *
 * @throws JwtDevError ERR_FILE_WRITE where a file of that name holds something else and `force` is not set
 */
export async function exportCertificates(input: {
  readonly material: Pick<TlsMaterial, 'caPem' | 'chainPem' | 'keyPem'>;
  readonly dir: string;
  readonly owner: Owner | null;
  readonly force: boolean;
}): Promise<ExportedFiles> {
  const { material, dir, owner, force } = input;
  const at = (name: string): string => path.join(dir, name);
  const files = {
    caFile: at('ca.pem'),
    certFile: at('cert.pem'),
    chainFile: at('chain.pem'),
    keyFile: at('key.pem'),
  };
  const contents = [
    { file: files.caFile, pem: material.caPem, mode: 0o644 },
    { file: files.certFile, pem: splitPem(material.chainPem)[0] ?? '', mode: 0o644 },
    { file: files.chainFile, pem: material.chainPem, mode: 0o644 },
    { file: files.keyFile, pem: material.keyPem, mode: 0o600 },
  ];
  for (const { file, pem } of force ? [] : contents) {
    const found = await readFileIfPresent(file);
    if (found === undefined || found.toString('latin1') === pem) continue;
    throw new JwtDevError(
      'ERR_FILE_WRITE',
      `${file} exists already and holds something else. Nothing was written.`,
      {
        hint: 'Choose another directory, or replace the files with --force.',
      },
    );
  }
  await makePrivateDir(dir, owner);
  for (const { file, pem, mode } of contents) await writeFileAtomic(file, pem, { mode, owner });
  return files;
}
