import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By their names: those that install projects, start browsers many times or kill by the hundred. */
const LONG = /^(?:template-|trust-handshake|hosts-kill|ci-job|clean)/;

/** The long files first, so that the last worker does not end alone with one of them. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = (file: TestSpecification): boolean => LONG.test(path.basename(file.moduleId));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
