import { expect, test } from 'vitest';
import { ifVisible, ifVisibleSync, parseListeners } from '../../../src/system/proc.ts';

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (address: string, state: string, inode: string): string =>
  `   0: ${address} 0100007F:D431 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000\n`;

test('the kernel’s table tells listening sockets from connections', () => {
  const table =
    HEAD +
    row('0100007F:01BB', '0A', '4711') +
    row('0100007F:01BB', '01', '4712') +
    row('00000000000000000000000001000000:0050', '0A', '4713');
  expect(parseListeners(table)).toEqual([
    { inode: '4711', address: '0100007F', port: 443 },
    { inode: '4713', address: '00000000000000000000000001000000', port: 80 },
  ]);
});

test('an empty or a cut table names nobody', () => {
  expect(parseListeners('')).toEqual([]);
  expect(parseListeners(`${HEAD}   0: 0100007F:01BB 00000000:0000 0A`)).toEqual([]);
});

const failed = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

test.each(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])('what cannot be seen (%s) is undefined', async (code) => {
  await expect(ifVisible(Promise.reject(failed(code)))).resolves.toBeUndefined();
  expect(
    ifVisibleSync(() => {
      throw failed(code);
    }),
  ).toBeUndefined();
});

test('any other failure is one', async () => {
  await expect(ifVisible(Promise.reject(failed('EIO')))).rejects.toThrow('EIO');
});
