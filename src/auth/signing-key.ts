import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import type { TokenConfig } from '../config/types.ts';
import { JwtDevError, messageOf } from '../errors.ts';
import {
  makePrivateDir,
  type Owner,
  readFileIfPresent,
  sweepTemporaries,
  writeFileAtomic,
} from '../system/files.ts';
import { thumbprint } from './tokens/jwks.ts';

/** One key pair, or the one secret twice. KeyObjects, made once: jsonwebtoken is 50 times slower with strings. */
export interface SigningKey {
  readonly algorithm: TokenConfig['algorithm'];
  readonly sign: KeyObject;
  readonly verify: KeyObject;
  /** RFC 7638 thumbprint; null for HS256, whose key is published nowhere. */
  readonly id: string | null;
}

export interface SigningKeyOptions {
  readonly tokens: Pick<TokenConfig, 'algorithm' | 'secretEnv'>;
  /** Where the key is kept; null: nowhere, every start has another one. */
  readonly stateDir: string | null;
  readonly owner: Owner | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Of a few hundred bytes, by another command that makes the key at the same moment. */
const LONGEST_WRITE_MS = 60_000;

/**
 * The key that signs the tokens: the secret of an environment variable, or our own, made at the first start and
 * kept (0600), so that a restart logs nobody out. One file per algorithm: going back to one finds its key again.
 * @throws JwtDevError ERR_SIGNING_KEY
 */
export async function loadSigningKey(options: SigningKeyOptions): Promise<SigningKey> {
  const { algorithm, secretEnv } = options.tokens;
  if (secretEnv !== null) return secretKey(secretFrom(options.env, secretEnv));
  if (options.stateDir === null) return fromJwk(algorithm, await generate(algorithm));
  const file = path.join(options.stateDir, `signing-key.${algorithm.toLowerCase()}.json`);
  const saved = await readFileIfPresent(file);
  if (saved !== undefined) return importKey(algorithm, saved, file);
  const jwk = await generate(algorithm);
  await makePrivateDir(options.stateDir, options.owner);
  await sweepTemporaries([file], { olderThanMs: LONGEST_WRITE_MS });
  await writeFileAtomic(file, `${JSON.stringify(jwk)}\n`, { mode: 0o600, owner: options.owner });
  return fromJwk(algorithm, jwk);
}

/** An HS256 key from a text secret, as Django's SIGNING_KEY is read. */
export function secretKey(secret: string | Uint8Array): SigningKey {
  const key = createSecretKey(typeof secret === 'string' ? Buffer.from(secret, 'utf8') : secret);
  return { algorithm: 'HS256', sign: key, verify: key, id: null };
}

function secretFrom(env: SigningKeyOptions['env'], name: string): string {
  const secret = env[name];
  if (secret !== undefined && secret !== '') return secret;
  throw new JwtDevError('ERR_SIGNING_KEY', `The environment variable ${name} is not set or empty`, {
    hint: `Set ${name} to the secret of the backend (Django: SECRET_KEY), or remove auth.tokens.secretEnv.`,
  });
}

async function generate(algorithm: TokenConfig['algorithm']): Promise<JsonWebKey> {
  switch (algorithm) {
    case 'HS256':
      return { kty: 'oct', k: randomBytes(64).toString('base64url') };
    case 'RS256':
      return (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })).privateKey.export({
        format: 'jwk',
      });
    case 'ES256':
      return (await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })).privateKey.export({
        format: 'jwk',
      });
  }
}

function importKey(algorithm: TokenConfig['algorithm'], saved: Buffer, file: string): SigningKey {
  try {
    return fromJwk(algorithm, JSON.parse(saved.toString('utf8')) as JsonWebKey);
  } catch (error) {
    throw new JwtDevError('ERR_SIGNING_KEY', `${file} is not a ${algorithm} key: ${messageOf(error)}`, {
      cause: error,
      hint: 'Delete the file to get a new key. All sessions end with the old one.',
    });
  }
}

function fromJwk(algorithm: TokenConfig['algorithm'], jwk: JsonWebKey): SigningKey {
  if (algorithm === 'HS256') {
    const secret = Buffer.from(jwk.k ?? '', 'base64url');
    if (secret.length < 32) throw new Error('the secret is shorter than 32 bytes (RFC 7518, section 3.2)');
    return secretKey(secret);
  }
  const sign = createPrivateKey({ key: jwk, format: 'jwk' });
  const verify = createPublicKey(sign);
  return { algorithm, sign, verify, id: thumbprint(verify) };
}
