import type { Finding as DoctorFinding } from '../../doctor/types.ts';
import type { Explanation } from '../../verdicts/explain/types.ts';
import type { FindingCode } from '../../verdicts/findings/codes.ts';
import type { DescribedFinding } from '../../verdicts/findings/format.ts';
import { FINDINGS, isFindingCode } from '../../verdicts/findings/table.ts';
import type { Fix, FixPlace } from '../../verdicts/findings/types.ts';
import type { VerifyFinding } from './types.ts';

/** What the checks of `doctor` find, by the code that live traffic and clients have for the same. */
const CODE_OF_CHECK: Readonly<Record<string, FindingCode>> = {
  N1: 'JD501',
  N2: 'JD501',
  N7: 'JD501',
  P1: 'JD504',
  P4: 'JD603',
  P5: 'JD601',
  K9: 'JD450',
};

/** A finding of the table, with what was seen. */
export function fromTable(code: FindingCode, evidence: readonly string[], seenBy: string): VerifyFinding {
  const { name, severity, title, cause, fixes, source } = FINDINGS[code];
  return {
    code,
    name,
    severity: severityOf(code, severity),
    title,
    evidence,
    cause,
    reason: null,
    fixes,
    source,
    seenBy: [seenBy],
  };
}

/** A check of `doctor`: nothing where it is content. */
export function fromCheck(finding: DoctorFinding): readonly VerifyFinding[] {
  const { id, title, status, evidence, cause, fix, docs } = finding;
  if (status === 'ok' || status === 'skip') return [];
  const seenBy = [`doctor ${id}`];
  const own: readonly Fix[] = fix === null ? [] : [{ place: placeOf(fix), text: fix }];
  const code = codeOfCheck(finding);
  if (code !== null) {
    const known = fromTable(code, evidence, '');
    const severity = status === 'warn' ? severityOf(code, 'warning') : 'error';
    // Codes that a check names in its cause have their words from the table already.
    const isTables = cause?.endsWith(`(${code})`) === true;
    return [
      {
        ...known,
        severity,
        seenBy,
        ...(isTables || cause === null ? {} : { cause, fixes: joinFixes(own, known.fixes) }),
      },
    ];
  }
  // What protects the session from being read on the way is no matter of taste.
  const isExposed = id === 'K1' && evidence.some((line) => line.includes('without Secure'));
  const { head, rest } = firstSentence(cause ?? '');
  return [
    {
      code: id,
      name: title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
      severity: status === 'fail' || isExposed ? 'error' : 'warning',
      // A check's title says what should be so: below "error:" that would be the opposite of what was found.
      title: head === '' ? title : head,
      evidence,
      cause: rest,
      reason: null,
      fixes: own,
      source: docs,
      seenBy,
    },
  ];
}

/** "The login failed. A proxy may be in the way." as the head of a finding, in lower case as all heads, and its reason. */
function firstSentence(text: string): { readonly head: string; readonly rest: string } {
  const [, head = '', rest = ''] = /^(.+?)\.(?:\s+([^]*))?$/.exec(text) ?? [];
  return { head: head.charAt(0).toLowerCase() + head.slice(1), rest };
}

/** Checks of the API name settings of the backend; all others, commands. */
function placeOf(fix: string): FixPlace {
  return /^(?:Django|Express)\b/.test(fix) ? 'backend' : 'terminal';
}

/** The fixes of both, each once. */
export function joinFixes(some: readonly Fix[], more: readonly Fix[]): readonly Fix[] {
  return [...some, ...more.filter(({ text }) => some.every((known) => known.text !== text))];
}

function codeOfCheck({ id, cause, status, evidence }: DoctorFinding): FindingCode | null {
  const named = /\((JD\d{3})\)$/.exec(cause ?? '')?.[1];
  if (named !== undefined && isFindingCode(named)) return named;
  // T1 fails for many reasons; a date is one that clients tell in their own words.
  if (id === 'T1')
    return status === 'fail' && evidence.some((line) => line.includes('runs out')) ? 'JD306' : null;
  return CODE_OF_CHECK[id] ?? null;
}

/** What live traffic has shown. */
export function fromTraffic(finding: DescribedFinding): VerifyFinding {
  const { code, name, severity, title, evidence, cause, reason, fixes, source, host } = finding;
  const seen = host === '' || evidence.includes(host) ? evidence : `${host}: ${evidence}`;
  return {
    code,
    name,
    severity: severityOf(code, severity),
    title,
    evidence: [seen],
    cause,
    reason,
    fixes,
    source,
    seenBy: ['traffic'],
  };
}

/** What a client's words mean. */
export function fromExplanation(explanation: Explanation, seenBy: string): VerifyFinding {
  const { code, name, severity, title, cause, reason, fixes, source, matched } = explanation;
  return {
    code,
    name,
    severity: code === null ? severity : severityOf(code, severity),
    title,
    evidence: [`${seenBy}: ${matched.slice(0, 300)}`],
    cause,
    reason,
    fixes,
    source,
    seenBy: [seenBy],
  };
}

/** Clocks that differ break logins sooner or later, though none of this minute. */
function severityOf(code: FindingCode, severity: VerifyFinding['severity']): VerifyFinding['severity'] {
  return code === 'JD450' ? 'error' : severity;
}
