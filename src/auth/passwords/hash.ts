import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Limiter } from './limiter.ts';

/** scrypt's cost. Memory is 128 × N × r bytes. */
export interface ScryptCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** One of OWASP's equal choices (Password Storage Cheat Sheet: N=2^14, r=8, p=5), and Django's own: 16 MiB. */
export const DEFAULT_COST: ScryptCost = { n: 16_384, r: 8, p: 5 };

export interface Passwords {
  readonly hash: (password: string) => Promise<string>;
  /** False also for a hash that is not understood. Costs a hash even where there is no user (undefined). */
  readonly verify: (password: string, hash: string | undefined) => Promise<boolean>;
}

export interface PasswordsDeps {
  readonly cost: ScryptCost;
  readonly randomBytes: (size: number) => Buffer;
  readonly limit: Limiter;
}

const KEY_BYTES = 64;

/**
 * Hashes in Django's own formats, so that accounts move either way: writes `scrypt$N$salt$r$p$hash`, reads
 * `pbkdf2_sha256$iterations$salt$hash` too. Node computes both in its thread pool, the event loop goes on.
 */
export function createPasswords({ cost, randomBytes, limit }: PasswordsDeps): Passwords {
  const hash = async (password: string): Promise<string> => {
    const salt = randomBytes(16).toString('hex');
    const key = await limit(() => scryptKey(password, salt, cost, KEY_BYTES));
    return ['scrypt', cost.n, salt, cost.r, cost.p, key.toString('base64')].join('$');
  };
  const verify = async (password: string, stored: string | undefined): Promise<boolean> => {
    const recipe = stored === undefined ? undefined : parseHash(stored);
    if (recipe === undefined) {
      // An unknown user must not answer faster than a wrong password.
      await hash(password);
      return false;
    }
    const key = await limit(() => recipe.derive(password));
    return key.length === recipe.expected.length && timingSafeEqual(key, recipe.expected);
  };
  return { hash, verify };
}

interface Recipe {
  readonly expected: Buffer;
  readonly derive: (password: string) => Promise<Buffer>;
}

/** Hashes are data that may come from an import: what would take minutes or gigabytes is not computed. */
const MAX_ITERATIONS = 10_000_000;
const MAX_SCRYPT_MEMORY = 512 * 1024 * 1024;

function parseHash(stored: string): Recipe | undefined {
  const [algorithm, ...parts] = stored.split('$');
  if (algorithm === 'pbkdf2_sha256' && parts.length === 3) return pbkdf2Recipe(parts);
  if (algorithm === 'scrypt' && parts.length === 5) return scryptRecipe(parts);
  return undefined;
}

function pbkdf2Recipe([rounds = '', salt = '', encoded = '']: readonly string[]): Recipe | undefined {
  const iterations = Number(rounds);
  const expected = Buffer.from(encoded, 'base64');
  if (
    !Number.isInteger(iterations) ||
    iterations < 1 ||
    iterations > MAX_ITERATIONS ||
    expected.length === 0
  ) {
    return undefined;
  }
  return {
    expected,
    derive: (password) => promisify(pbkdf2)(password, salt, iterations, expected.length, 'sha256'),
  };
}

function scryptRecipe([work = '', salt = '', block = '', parallel = '', encoded = '']: readonly string[]):
  | Recipe
  | undefined {
  const cost = { n: Number(work), r: Number(block), p: Number(parallel) };
  const expected = Buffer.from(encoded, 'base64');
  const valid = Object.values(cost).every((value) => Number.isInteger(value) && value >= 1);
  const isPowerOfTwo = cost.n > 1 && Number.isInteger(Math.log2(cost.n));
  if (!valid || !isPowerOfTwo || memoryOf(cost) > MAX_SCRYPT_MEMORY || cost.p > 64 || expected.length === 0) {
    return undefined;
  }
  return { expected, derive: (password) => scryptKey(password, salt, cost, expected.length) };
}

function memoryOf({ n, r, p }: ScryptCost): number {
  return 128 * r * (n + p + 2);
}

function scryptKey(password: string, salt: string, cost: ScryptCost, length: number): Promise<Buffer> {
  const { n, r, p } = cost;
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { N: n, r, p, maxmem: memoryOf(cost) * 2 }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
