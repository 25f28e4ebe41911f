import { explain } from '../../verdicts/explain/explain.ts';
import type { FindingCode } from '../../verdicts/findings/codes.ts';
import { isFindingCode } from '../../verdicts/findings/table.ts';
import { fromExplanation, fromTable, joinFixes } from './convert.ts';
import type { ClientId, ClientRun, VerifyFinding } from './types.ts';

/** Where several things are wrong, the one further down is mostly a consequence. A prefix, or a code. */
const MOST_TELLING_FIRST = [
  'JD306',
  'JD50',
  'JD304',
  'JD603',
  'JD60',
  'JD30',
  'JD2',
  'JD1',
  'JD450',
  'JD44',
  'JD40',
  'JD',
  'K',
] as const;

const SEVERITIES = ['error', 'warning', 'info'] as const;
const EVIDENCE_LIMIT = 8;

/** Each finding once, with all that was seen of it, and the most telling first. Pure. */
export function joinFindings(all: readonly VerifyFinding[]): readonly VerifyFinding[] {
  const joined = new Map<string, VerifyFinding>();
  for (const finding of all) {
    const key = finding.code ?? finding.name;
    const before = joined.get(key);
    joined.set(key, before === undefined ? finding : merge(before, finding));
  }
  // A page's word for any failure says nothing where CORS is known to be it; Firefox's console may come too late to tell.
  if (
    [...joined.values()].some(
      ({ code, severity }) => severity === 'error' && code?.startsWith('JD2') === true,
    )
  ) {
    joined.delete('failed-to-fetch');
  }
  return [...joined.values()].toSorted(
    (one, other) => rank(one) - rank(other) || (one.code ?? '').localeCompare(other.code ?? ''),
  );
}

function merge(one: VerifyFinding, other: VerifyFinding): VerifyFinding {
  const isWorse = SEVERITIES.indexOf(other.severity) < SEVERITIES.indexOf(one.severity);
  return {
    ...one,
    severity: isWorse ? other.severity : one.severity,
    reason: one.reason ?? other.reason,
    evidence: [...new Set([...one.evidence, ...other.evidence])].slice(0, EVIDENCE_LIMIT),
    fixes: joinFixes(one.fixes, other.fixes),
    seenBy: [...new Set([...one.seenBy, ...other.seenBy])],
  };
}

function rank({ code, severity }: VerifyFinding): number {
  const place = MOST_TELLING_FIRST.findIndex((prefix) => code?.startsWith(prefix) === true);
  return SEVERITIES.indexOf(severity) * 100 + (place === -1 ? MOST_TELLING_FIRST.length : place);
}

/** What a client that failed has said of it, understood. */
export function findingsOfClient(id: ClientId, { said, steps }: ClientRun): readonly VerifyFinding[] {
  if (said === '') return [];
  const named = steps.flatMap(({ code, status, title, detail }) =>
    status === 'fail' && code !== undefined && isFindingCode(code)
      ? [fromTable(code, [`${id}: ${title}: ${plainWords(detail)}`], id)]
      : [],
  );
  const explained = explain(said).map((explanation) => fromExplanation(explanation, id));
  const meant = [...named, ...explained.filter(({ code }) => named.every((known) => known.code !== code))];
  // One text, one meaning: our 502 quotes the ECONNREFUSED of the server behind, which is none of the client's own.
  const known = meant.filter(({ code }) => code !== null);
  return known.length > 0 ? known : meant;
}

/** Found about the way to the environment: who never got an answer failed for that, whatever it says itself. */
const OF_THE_WAY: ReadonlySet<FindingCode> = new Set(['JD501', 'JD504', 'JD306']);

/**
 * Why a client failed: what keeps everybody from the environment, else what its own words mean, else the first thing that
 * is wrong and can concern it. Pure.
 * @param joined the findings of the run, in their order.
 */
export function reasonOf(
  id: ClientId,
  { said, steps }: ClientRun,
  own: readonly VerifyFinding[],
  joined: readonly VerifyFinding[],
): string {
  const line = plainWords(said.split('\n')[0] ?? '');
  const words = line.length > 160 ? `${line.slice(0, 159)}…` : line;
  const isInside = steps.some((step) => step.id === 'login' && step.status === 'pass');
  const errors = joined.filter(
    ({ severity, code }) =>
      severity === 'error' &&
      // Nobody but a browser keeps to CORS and credentials modes, and who was logged in has no trouble with the login.
      (isBrowser(id) || !/^JD[12]/.test(code ?? '')) &&
      !(isInside && code === 'K1'),
  );
  const isAnswered = steps.some(({ status }) => status === 'pass') || /answered \d{3}/.test(line);
  const ofTheWay = isAnswered
    ? undefined
    : errors.find(
        ({ code, seenBy }) =>
          code !== null &&
          OF_THE_WAY.has(code as FindingCode) &&
          seenBy.some((by) => by.startsWith('doctor')),
      );
  // Words that mean no finding of the table say less than one that was found.
  const cause =
    ofTheWay ?? own.find(({ code }) => code !== null) ?? errors.find(({ code }) => code !== null) ?? own[0];
  if (cause === undefined) return words;
  return `${cause.code === null ? '' : `${cause.code} `}${cause.title}: ${words}`;
}

function isBrowser(id: ClientId): boolean {
  return id === 'chromium' || id === 'firefox';
}

/** Our own errors are JSON, for programs: here their sentence is enough. */
function plainWords(line: string): string {
  return line.replace(
    /\{"error":\{"code":"([A-Z_]+)","message":"((?:[^"\\]|\\.)*)".*$/,
    (_, code: string, message: string) => `${message} (${code})`,
  );
}
