import { describeFaults } from '../helpers/hosts-fault-suite.ts';

describeFaults({
  name: 'by rename',
  always: () => undefined,
  errnos: ['EIO', 'ENOSPC', 'EPERM', 'EBUSY'],
  inPlace: false,
});
