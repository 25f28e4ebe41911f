import { errnoOf, JwtDevError, messageOf } from '../errors.ts';
import type { HostsFileSystem } from './file-system.ts';
import { type Eol, type HostsFile, parseHosts } from './parse.ts';

/** A hosts file as it was at one moment. */
export interface HostsSnapshot {
  /** As it was asked for. */
  readonly file: string;
  /** Where symbolic links lead: what is written to, so that a link stays a link. */
  readonly path: string;
  readonly bytes: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** More than one: a hard link, which a rename would cut off. */
  readonly links: number;
}

/** Blocklists of a hundred thousand lines have about 3 MB; more is no hosts file. */
export const MAX_HOSTS_BYTES = 10 * 1024 * 1024;

/**
 * Reads a hosts file. Whatever cannot be read is an error, never an empty file.
 * @throws JwtDevError ERR_HOSTS_UNREADABLE
 */
export async function readHosts(file: string, fs: HostsFileSystem): Promise<HostsSnapshot> {
  try {
    const path = await fs.realpath(file);
    const facts = await fs.stat(path);
    if (facts.isDirectory()) throw unreadable(file, 'it is a directory');
    if (!facts.isFile()) throw unreadable(file, 'it is not a regular file');
    if (facts.size > MAX_HOSTS_BYTES) throw unreadable(file, `it has ${facts.size} bytes, more than 10 MB`);
    const bytes = await fs.readFile(path);
    // It may have grown since it was measured.
    if (bytes.length > MAX_HOSTS_BYTES) throw unreadable(file, 'it has more than 10 MB');
    return {
      file,
      path,
      bytes,
      mode: facts.mode & 0o7777,
      uid: facts.uid,
      gid: facts.gid,
      links: facts.nlink,
    };
  } catch (error) {
    if (error instanceof JwtDevError) throw error;
    throw unreadable(file, reason(error), error);
  }
}

/**
 * The snapshot's content, parsed and fit to be edited.
 * @throws JwtDevError ERR_HOSTS_MALFORMED with the numbers of the lines that are wrong.
 */
export function parseSnapshot(snapshot: HostsSnapshot, defaultEol: Eol): HostsFile {
  const parsed = parseHosts(snapshot.bytes.toString('latin1'), defaultEol);
  if (parsed.problems.length === 0) return parsed;
  throw new JwtDevError(
    'ERR_HOSTS_MALFORMED',
    `${snapshot.file} cannot be edited safely; nothing was changed`,
    {
      details: parsed.problems.map(({ line, message }) => `line ${line} ${message}`),
      hint: 'Correct these lines by hand, or put the last backup back with: jwt-dev hosts --restore',
      facts: { file: snapshot.file, problems: parsed.problems },
    },
  );
}

function reason(error: unknown): string {
  const errno = errnoOf(error);
  if (errno === 'ENOENT') return 'there is no such file';
  if (errno === 'EACCES' || errno === 'EPERM') return 'permission denied';
  if (errno === 'ELOOP') return 'its symbolic links go round in a circle';
  return messageOf(error);
}

function unreadable(file: string, why: string, cause?: unknown): JwtDevError {
  return new JwtDevError('ERR_HOSTS_UNREADABLE', `Cannot read ${file}: ${why}`, {
    hint: 'Nothing was changed. Check the path (--file FILE, or "hosts": {"file": …} in the configuration).',
    cause,
  });
}
