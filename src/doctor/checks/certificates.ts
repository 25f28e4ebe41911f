import { EARLIEST_PLAUSIBLE_TIME } from '../../certs/constants.ts';
import type { IssueReason } from '../../certs/plan.ts';
import { defineCheck } from '../check.ts';
import { command } from '../facts/project.ts';
import type { Facts } from '../facts/readers.ts';
import { ok, skip, type Verdict } from '../types.ts';

type CertificateFacts = Pick<Facts, 'certificates' | 'project'>;

/** RFC 5280, section 4.2.1.12 */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
/** Apple's limit for certificates of CAs that a user has added (support.apple.com/103769). */
const MAX_LIFETIME_DAYS = 825;
const DAY_MS = 86_400_000;

/** Those that the next `up` or `certs` puts right by itself, and that break nothing before. */
const HARMLESS: ReadonlySet<IssueReason> = new Set(['missing', 'expiring', 'names-changed']);

const REASONS: Readonly<Record<IssueReason, string>> = {
  missing: 'is not there yet',
  unreadable: 'cannot be read as a certificate or key',
  'key-mismatch': 'does not belong to its certificate',
  foreign: 'was not made by jwt-dev for this site',
  'authority-changed': 'was signed by another CA than the present one',
  expiring: 'runs out soon, or has',
  'names-changed': 'does not have exactly the names of the configuration',
  clock: 'is not valid yet: the clock is or was wrong',
  requested: 'is to be made anew',
};

/** T1 */
export function judgeChain({ certificates, project }: CertificateFacts): Verdict {
  const { authority, leaf, keys, leafUsages } = certificates;
  const due = [
    ...(authority === null ? [] : [{ what: 'The local CA', plan: authority.plan }]),
    { what: 'The certificate', plan: leaf.plan },
  ].flatMap(({ what, plan }) => (plan.action === 'issue' ? [{ what, ...plan }] : []));
  const evidence = due.map(
    ({ what, reason, file }) => `${what} ${REASONS[reason]}${file === null ? '' : `: ${file}`}`,
  );
  const { notBefore, notAfter } = leaf.facts.defect === null ? leaf.facts.leaf : NO_DATES;
  const days = (notAfter.getTime() - notBefore.getTime()) / DAY_MS;
  if (leaf.facts.defect === null && !leafUsages.includes(SERVER_AUTH)) {
    evidence.push('The certificate is not for TLS servers (extended key usage)');
  }
  if (days > MAX_LIFETIME_DAYS) evidence.push(`The certificate is valid for ${Math.round(days)} days`);
  const loose = keys.filter(({ mode }) => project.platform !== 'win32' && (mode & 0o077) !== 0);
  evidence.push(...loose.map(({ path, mode }) => `${path} has mode ${mode.toString(8)}`));
  if (evidence.length === 0 && leaf.facts.defect === null) {
    const { names } = leaf.facts.leaf;
    return ok(`${names.join(', ')}, valid until ${notAfter.toISOString().slice(0, 10)}`);
  }
  const isHarmless = due.every(({ reason }) => HARMLESS.has(reason)) && evidence.length === due.length;
  const isMadeAnew = due.length > 0 || loose.length > 0;
  const isExpired = leaf.facts.defect === null && notAfter <= project.now;
  return {
    status: isHarmless && !isExpired ? 'warn' : 'fail',
    evidence,
    cause: isHarmless
      ? 'It is made by the next up, or now by the command below.'
      : 'Clients refuse it, or others can read a private key.',
    fix: command(project, isMadeAnew ? 'certs' : 'certs --renew'),
    remedy: !isMadeAnew || due.some(({ reason }) => reason === 'clock') ? null : 'certificates',
  };
}

const NO_DATES = { notBefore: new Date(0), notAfter: new Date(0) };

/** T6: a stolen key must be good for nothing else. */
export function judgeConstraints({ certificates, project }: CertificateFacts): Verdict {
  const { authority, constrainedTo } = certificates;
  if (authority === null) return skip('self-signed: there is no CA');
  if (authority.facts.defect === 'missing') return skip('there is no CA yet, see T1');
  if (constrainedTo === project.config.site) return ok(`only ${constrainedTo} and the names below it`);
  return {
    status: 'fail',
    evidence: [
      constrainedTo === null
        ? `the CA in ${certificates.caFile} cannot be used or may sign for any name`
        : `the CA may sign for ${constrainedTo}`,
    ],
    cause: 'Whoever gets its key could pass for sites that are not yours.',
    fix: `${command(project, 'certs --renew authority')}, then ${command(project, 'trust')}`,
  };
}

/** K9: tokens and certificates are dated. Seconds. */
const MAX_SKEW_SECONDS = 5;

export function judgeClock({
  certificates,
  upstreams,
  project,
}: CertificateFacts & Pick<Facts, 'upstreams'>): Verdict {
  const { now } = project;
  const said = `this machine says ${now.toISOString()}`;
  const { facts } = certificates.leaf;
  const tooEarly = facts.defect === null && facts.leaf.notBefore > now;
  if (tooEarly || now.getTime() < EARLIEST_PLAUSIBLE_TIME) {
    return {
      status: 'fail',
      evidence: [
        said,
        facts.defect === null
          ? `the certificate begins ${facts.leaf.notBefore.toISOString()}`
          : `jwt-dev was made later than that`,
      ],
      cause: 'The clock is or was wrong; clients refuse certificates and tokens that are not valid yet.',
      fix: 'Set the clock (Linux: sudo timedatectl set-ntp true; WSL: wsl --shutdown), then run jwt-dev certs --renew',
    };
  }
  const skewed = upstreams.flatMap(({ at, answer }) => {
    const date = answer?.kind === 'answered' ? Date.parse(answer.headers['date'] ?? '') : Number.NaN;
    const seconds = Math.round((date - now.getTime()) / 1000);
    // A Date has whole seconds, and the answer took some time.
    return Number.isNaN(seconds) || Math.abs(seconds) <= MAX_SKEW_SECONDS
      ? []
      : [`${at} is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} this machine`];
  });
  if (skewed.length === 0) return ok(said);
  return {
    status: 'warn',
    evidence: [said, ...skewed],
    cause: 'Tokens of one side are not valid yet or no longer valid on the other.',
    fix: 'Set the clock of that machine or container (Docker Desktop, WSL: restart it after the computer has slept)',
  };
}

export const CERTIFICATE_CHECKS = {
  chain: defineCheck({
    id: 'T1',
    title: 'The certificates are good',
    docs: 'certificates',
    needs: ['certificates', 'project'],
    judge: judgeChain,
  }),
  constraints: defineCheck({
    id: 'T6',
    title: 'The CA can sign for this site only',
    docs: 'certificates',
    needs: ['certificates', 'project'],
    judge: judgeConstraints,
  }),
  clock: defineCheck({
    id: 'K9',
    title: 'The clocks agree',
    docs: 'trouble',
    needs: ['certificates', 'upstreams', 'project'],
    judge: judgeClock,
  }),
};
