import path from 'node:path';
import type { CheckStep } from '../../../browser-check/types.ts';
import { findProgram } from '../../../system/programs.ts';
import { withoutSecrets } from '../../../verdicts/findings/redact.ts';
import type { ProcessResult } from '../client-process.ts';
import type { ClientRun, FoundClient, VerifyTarget, VerifyWorld } from '../types.ts';

/** The steps of a login in their order: what is asked, and the statuses that are right. */
export const LOGIN_STEPS = [
  { id: 'login', title: 'login', method: 'POST', path: 'login/', good: [200] },
  { id: 'user', title: 'user', method: 'GET', path: 'user/', good: [200] },
  { id: 'refresh', title: 'refresh', method: 'POST', path: 'token/refresh/', good: [200] },
  { id: 'user-after-refresh', title: 'user after refresh', method: 'GET', path: 'user/', good: [200] },
  { id: 'logout', title: 'logout', method: 'POST', path: 'logout/', good: [200, 204] },
  { id: 'user-after-logout', title: 'user after logout', method: 'GET', path: 'user/', good: [401] },
] as const;

/** What a script reads from its stdin. The scripts write one JSON object a line: `{version}`, then `{status, ms}` or `{error, ms}`. */
export function scriptInput({ base, frontend, account, facts, systemTrust }: VerifyTarget): string {
  return JSON.stringify({
    base,
    origin: frontend,
    login: JSON.stringify(account.fields),
    steps: LOGIN_STEPS.map(({ method, path: where, good }) => ({ method, path: where, good })),
    caFile: systemTrust ? '' : facts.caFile,
    proxy: facts.proxy ?? '',
  });
}

interface ScriptLine {
  readonly version?: string;
  readonly status?: number;
  /** The beginning of an answer that was not the right one. */
  readonly body?: string;
  readonly error?: string;
  readonly ms?: number;
}

/** The lines of a script as steps. Whatever it said beside them belongs to its failure. */
export function readScript({ stdout, stderr, failure, exitCode }: ProcessResult): ClientRun {
  const lines = stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [parseLine(line)] : []));
  const version = lines.find((line) => line.version !== undefined)?.version ?? null;
  const answers = lines.filter((line) => line.version === undefined);
  const steps = answers.flatMap((line, index) => stepOf(index, line));
  const failed = steps.find(({ status }) => status === 'fail');
  if (failed !== undefined) return { version, steps, said: failed.detail };
  if (steps.length === LOGIN_STEPS.length) return { version, steps, said: '' };
  const complaint = stderr.trim().split('\n').slice(-20).join('\n');
  return {
    version,
    steps,
    said: failure ?? (withoutSecrets(complaint) || `it ended with exit code ${exitCode} and no result`),
  };
}

/** One step, judged. */
export function stepOf(
  index: number,
  { status, body = '', error, ms = 0 }: ScriptLine,
): readonly CheckStep[] {
  const step = LOGIN_STEPS[index];
  if (step === undefined) return [];
  const { id, title } = step;
  if (error !== undefined) return [{ id, title, status: 'fail', detail: withoutSecrets(error), ms }];
  const isGood = step.good.some((good) => good === status);
  const detail = isGood ? String(status) : sayWrong(index, status ?? 0, body);
  return [{ id, title, status: isGood ? 'pass' : 'fail', detail, ms }];
}

function sayWrong(index: number, status: number, body: string): string {
  const step = LOGIN_STEPS[index];
  const wanted = step?.good.join(' or ') ?? '';
  const said = body.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  // Whose page is logged in is nobody's business here.
  const quote = status === 200 || said === '' ? '' : `: ${withoutSecrets(said)}`;
  return `${step?.method} ${step?.path} answered ${status} instead of ${wanted}${quote}`;
}

function parseLine(line: string): ScriptLine {
  try {
    return JSON.parse(line) as ScriptLine;
  } catch (error) {
    if (error instanceof SyntaxError) return { error: line };
    throw error;
  }
}

/** The first of several programs that is there. */
export async function firstProgram(
  names: readonly string[],
  { env, platform }: Pick<VerifyWorld, 'env' | 'platform'>,
): Promise<FoundClient> {
  for (const name of names) {
    const program = await findProgram(platform === 'win32' ? `${name}.exe` : name, { env });
    if (program !== undefined) return { program };
  }
  return { program: null, why: 'it is not installed' };
}

/** A place of a client's own that stays between runs. */
export function keptFile({ keptDir }: Pick<VerifyTarget, 'keptDir'>, ...names: readonly string[]): string {
  return path.join(keptDir, ...names);
}
