import { EXIT, errnoOf, JwtDevError, messageOf } from '../errors.ts';
import type { Facts, Get } from './facts/readers.ts';
import type { Finding, FindingStatus, Verdict } from './types.ts';

/** One question about the machine and its answer. */
export interface Check {
  /** As `--only` takes it. */
  readonly id: string;
  readonly title: string;
  readonly run: (get: Get) => Promise<Finding>;
}

export type Docs = keyof typeof DOCS;

/** Headings of the README. */
const DOCS = {
  hosts: 'README.md#hosts-what-is-written-and-what-is-not',
  certificates: 'README.md#certificates-what-you-trust',
  trouble: 'README.md#when-something-does-not-work',
  api: 'README.md#check-your-own-backend',
} as const;

const SEVERITY = { ok: 'info', skip: 'info', warn: 'warning', fail: 'error' } as const satisfies Record<
  FindingStatus,
  Finding['severity']
>;

/**
 * A check: which facts it needs, and what it says about them.
 * @param judge pure.
 */
export function defineCheck<K extends keyof Facts>(definition: {
  readonly id: string;
  readonly title: string;
  readonly docs: Docs;
  readonly needs: readonly K[];
  readonly judge: (facts: Pick<Facts, K>) => Verdict;
}): Check {
  const { id, title, docs, needs, judge } = definition;
  return {
    id,
    title,
    run: async (get) => {
      const verdict = await read(needs, get).then(judge, unreadable);
      const { status, evidence, cause = null, fix = null, remedy = null } = verdict;
      return {
        id,
        title,
        status,
        severity: SEVERITY[status],
        evidence,
        cause,
        fix,
        remedy,
        docs: DOCS[docs],
      };
    },
  };
}

async function read<K extends keyof Facts>(needs: readonly K[], get: Get): Promise<Pick<Facts, K>> {
  const entries = await Promise.all(needs.map(async (kind) => [kind, await get(kind)] as const));
  return Object.fromEntries(entries) as Pick<Facts, K>;
}

/** What cannot be read is a finding of its own: the other checks go on. A question that cannot be asked is none. */
function unreadable(error: unknown): Verdict {
  if (error instanceof JwtDevError && error.exitCode === EXIT.usage) throw error;
  if (!(error instanceof JwtDevError) && errnoOf(error) === undefined) throw error;
  return {
    status: 'fail',
    evidence: [messageOf(error)],
    cause: 'What this check looks at cannot be read.',
    fix: error instanceof JwtDevError ? (error.hint ?? null) : null,
  };
}
