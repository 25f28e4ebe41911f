import * as nodeFs from 'node:fs/promises';

/**
 * Every call through which the hosts file, its backups and its journal are read and written.
 * An input, so that tests can let each single call fail.
 */
export type HostsFileSystem = Pick<
  typeof nodeFs,
  | 'access'
  | 'chown'
  | 'link'
  | 'mkdir'
  | 'open'
  | 'readFile'
  | 'readdir'
  | 'realpath'
  | 'rename'
  | 'stat'
  | 'unlink'
>;

export type HostsFileHandle = Awaited<ReturnType<HostsFileSystem['open']>>;

export const realFileSystem: HostsFileSystem = nodeFs;
