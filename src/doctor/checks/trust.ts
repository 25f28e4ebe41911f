import { defineCheck } from '../check.ts';
import { command } from '../facts/project.ts';
import type { Facts } from '../facts/readers.ts';
import { ok, skip, type Verdict } from '../types.ts';

/** T2 */
export function judgeTrust({
  trust,
  certificates,
  project,
}: Pick<Facts, 'trust' | 'certificates' | 'project'>): Verdict {
  if (certificates.mode === 'self-signed')
    return skip('self-signed: there is no CA that a store could trust');
  if (trust === null) return skip('there is no usable CA yet, see T1');
  const evidence = trust.map(({ label, location, status, why }) => {
    const text =
      status === 'trusted' ? 'trusts the CA' : status === 'not-trusted' ? 'does not trust it' : why;
    return `${label}: ${text ?? status} (${location})`;
  });
  const usable = trust.filter(({ status }) => status === 'trusted' || status === 'not-trusted');
  const missing = trust.filter(({ status }) => status !== 'trusted' && status !== 'unusable');
  if (usable.length === 0)
    return { status: 'warn', evidence, cause: 'No store can be looked at.', fix: null };
  if (missing.length === 0) return ok(...evidence);
  const trusted = usable.length > missing.length;
  return {
    status: trusted ? 'warn' : 'fail',
    evidence,
    cause: trusted
      ? 'The clients of some stores refuse the certificate.'
      : 'Browsers and tools refuse the certificate.',
    fix: command(project, 'trust'),
    remedy: 'trust',
  };
}

/** T3: what counts is what clients do. */
export function judgeClients({ clients, project }: Pick<Facts, 'clients' | 'project'>): Verdict {
  if (clients === null) {
    return skip(
      `only asked for with: ${command(project, 'doctor --browsers')} (takes seconds, and certificates)`,
    );
  }
  const evidence = clients.map(({ label, connected, note }) => {
    const text = connected === null ? 'not tried' : connected ? 'connected' : 'refused';
    return `${label}: ${text}${note === null ? '' : ` (${note})`}`;
  });
  if (clients.every(({ connected }) => connected === null)) return skip(...evidence);
  if (clients.every(({ connected }) => connected !== false)) return ok(...evidence);
  return {
    status: 'fail',
    evidence,
    cause: 'These clients do not accept the certificate.',
    fix: command(project, 'trust'),
    remedy: 'trust',
  };
}

export const TRUST_CHECKS = [
  defineCheck({
    id: 'T2',
    title: 'The trust stores know the CA',
    docs: 'certificates',
    needs: ['trust', 'certificates', 'project'],
    judge: judgeTrust,
  }),
  defineCheck({
    id: 'T3',
    title: 'The installed clients connect',
    docs: 'certificates',
    needs: ['clients', 'project'],
    judge: judgeClients,
  }),
];
