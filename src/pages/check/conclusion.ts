import type { CheckStep } from './types.ts';

export interface Conclusion {
  readonly text: string;
  readonly state: 'passed' | 'failed';
}

/** What all steps together say, in a sentence. Pure. */
export function conclude(steps: readonly CheckStep[], withSession: boolean): Conclusion {
  const failed = steps.filter(({ status }) => status === 'fail');
  const [first] = failed;
  if (first === undefined) {
    const session = withSession ? ', and the whole cookie login went through' : '';
    return { text: `This browser does all that the pattern needs${session}.`, state: 'passed' };
  }
  const what =
    failed.length === 1
      ? `One of ${steps.length} checks failed`
      : `${failed.length} of ${steps.length} checks failed`;
  return { text: `${what}: ${failed.map(({ title }) => title).join(', ')}.`, state: 'failed' };
}
