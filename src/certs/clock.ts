import { JwtDevError } from '../errors.ts';
import { EARLIEST_PLAUSIBLE_TIME } from './constants.ts';

/**
 * Certificates dated by a wrong clock fail once it is right, in ways that are hard to trace back.
 *
 * @throws JwtDevError ERR_CERTS_CLOCK where the clock shows a time before this program existed
 */
export function refuseImplausibleClock(now: Date): void {
  if (now.getTime() >= EARLIEST_PLAUSIBLE_TIME) return;
  throw new JwtDevError(
    'ERR_CERTS_CLOCK',
    `The clock of this machine says ${now.toISOString()}, which is in the past.`,
    {
      hint: 'Set the clock, then run the command again.',
    },
  );
}

/** The CA begins in the future. It is kept, because the stores trust it: the clock is the more likely fault. */
export function unusableAuthorityClock(rootFile: string, now: Date): JwtDevError {
  return new JwtDevError(
    'ERR_CERTS_CLOCK',
    `The clock of this machine says ${now.toISOString()}, but the local CA in ${rootFile} was made later than that.`,
    {
      hint: 'Set the clock. If it is right: jwt-dev certs --renew authority makes a new CA, to be trusted anew.',
    },
  );
}
