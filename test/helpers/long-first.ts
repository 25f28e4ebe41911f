import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By their names: those that install projects, start browsers many times, kill by the hundred or wait for real timers. */
const LONG = [
  /^(?:template-|trust-|hosts-kill|ci-job|clean\.|lifecycle|open\.|json-output|verify|inspector-|browser-check)/,
  /^(?:proxy-aborts|proxy-streaming|findings-session|hosts-faults|supervisor|certs-sni|init-dirty|completion)/,
  // Of the unit ring: 100,000 hosts files.
  /^properties\./,
];

/** The long files first, so that the last worker does not end alone with one of them. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = (file: TestSpecification): boolean =>
      LONG.some((name) => name.test(path.basename(file.moduleId)));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
