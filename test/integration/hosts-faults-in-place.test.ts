import { describeFaults } from '../helpers/hosts-fault-suite.ts';

describeFaults({
  name: 'in place, as over a bind mount',
  always: (call, args) => (call === 'rename' && String(args[1]).endsWith('/hosts') ? 'EBUSY' : undefined),
  errnos: ['EIO', 'ENOSPC', 'EPERM', 'EBUSY'],
  inPlace: true,
});

describeFaults({
  name: 'in place, in a read-only directory',
  always: (call, args) =>
    call === 'open' && String(args[0]).includes('/etc/.hosts') && args[1] !== 'r' ? 'EROFS' : undefined,
  // What is different here is where the lock is; the calls are those of the other way.
  errnos: ['EIO'],
  inPlace: true,
});
