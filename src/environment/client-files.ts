import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { splitPem } from '../certs/facts.ts';
import type { InstanceFacts } from '../control/types.ts';
import { makePrivateDir, type Owner, readFileIfPresent, writeFileAtomic } from '../system/files.ts';
import type { ClientFiles } from './client-variables.ts';

export interface ClientFilesInput {
  readonly facts: Pick<InstanceFacts, 'caFile' | 'bundleFile'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The project's state directory. */
  readonly stateDir: string;
  readonly owner: Owner | null;
  /** The built preload. */
  readonly preload: URL;
}

/** The variables by which a user may have named certificates of their own: a company's proxy, as a rule. */
const OWN_BUNDLES = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE'] as const;

export const PRELOAD = new URL('./node-reroute.cjs', import.meta.url);

/**
 * Makes the files that the client variables name. Each variable holds one file only, so where the user has named one
 * too, a new one holds both. Names come from the content: a process that was set up earlier keeps what it was given.
 * @throws JwtDevError ERR_FILE_READ, ERR_FILE_WRITE
 */
export async function ensureClientFiles(input: ClientFilesInput): Promise<ClientFiles> {
  const { facts, env } = input;
  const [ca, bundle, ownExtra, ...ownBundles] = await Promise.all([
    readCertificates(facts.caFile),
    readCertificates(facts.bundleFile),
    readCertificates(env['NODE_EXTRA_CA_CERTS']),
    ...OWN_BUNDLES.map((name) => readCertificates(env[name])),
  ]);
  const isNew = (known: readonly string[]) => (pem: string) => !known.includes(pem);
  const extra = ownExtra.filter(isNew(ca));
  const others = [...new Set([...ownExtra, ...ownBundles.flat()])].filter(isNew(bundle));
  return {
    extraCaFile: extra.length === 0 ? facts.caFile : await keep('extra-ca', '.pem', [...extra, ...ca], input),
    bundleFile:
      others.length === 0 ? facts.bundleFile : await keep('bundle', '.pem', [...others, ...bundle], input),
    preloadFile: await keep('node-reroute', '.cjs', [await readFile(input.preload, 'utf8')], input),
  };
}

/** A file that is not there holds nothing, as for the programs that read these variables. */
async function readCertificates(file: string | undefined): Promise<readonly string[]> {
  if (file === undefined || file === '') return [];
  const text = (await readFileIfPresent(file))?.toString('latin1') ?? '';
  return splitPem(text.replaceAll('\r\n', '\n'));
}

async function keep(
  name: string,
  extension: string,
  parts: readonly string[],
  { stateDir, owner }: ClientFilesInput,
): Promise<string> {
  const content = parts.join('');
  const dir = path.join(stateDir, 'clients');
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const file = path.join(dir, `${name}-${hash}${extension}`);
  if ((await readFileIfPresent(file))?.toString() === content) return file;
  await makePrivateDir(dir, owner);
  await writeFileAtomic(file, content, { mode: 0o644, owner });
  return file;
}
