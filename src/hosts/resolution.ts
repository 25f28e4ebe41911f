import { errnoOf } from '../errors.ts';
import { canonicalAddress } from './addresses.ts';
import type { HostsEntry } from './entries.ts';

/** What programs get for a name (getaddrinfo), and whether that is us. */
export interface NameResolution {
  readonly hostname: string;
  readonly addresses: readonly string[];
  /** `partly`: some answers are ours and some are not, so that connections go either way. */
  readonly reaches: 'us' | 'partly' | 'elsewhere' | 'nothing';
}

/** All addresses of a name as getaddrinfo answers them (`dns.lookup` with `all`); rejects as Node does. */
export type LookUp = (hostname: string) => Promise<readonly string[]>;

/** Resolves every wanted name the way programs do. */
export async function checkResolution(
  entries: readonly HostsEntry[],
  lookUp: LookUp,
): Promise<readonly NameResolution[]> {
  const hostnames = [...new Set(entries.map((entry) => entry.hostname))];
  return Promise.all(
    hostnames.map(async (hostname): Promise<NameResolution> => {
      const wanted = new Set(
        entries
          .filter((entry) => entry.hostname === hostname)
          .map(({ address }) => canonicalAddress(address)),
      );
      const addresses = [...new Set(await answers(hostname, lookUp))];
      const ours = addresses.filter((address) => wanted.has(canonicalAddress(address)));
      return { hostname, addresses, reaches: verdict(ours.length, addresses.length) };
    }),
  );
}

export const lookUpLikePrograms: LookUp = async (hostname) => {
  const { lookup } = await import('node:dns/promises');
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
};

function verdict(ours: number, all: number): NameResolution['reaches'] {
  if (all === 0) return 'nothing';
  if (ours === 0) return 'elsewhere';
  return ours === all ? 'us' : 'partly';
}

async function answers(hostname: string, lookUp: LookUp): Promise<readonly string[]> {
  try {
    return await lookUp(hostname);
  } catch (error) {
    const code = errnoOf(error);
    // EAI_AGAIN: the name is in no file, and the name server did not answer.
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA' || code === 'EAI_FAIL') return [];
    throw error;
  }
}
