import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHosts } from '../../../src/hosts/parse.ts';
import { type HostsPlan, planHosts } from '../../../src/hosts/plan.ts';
import { generateHosts, WANTED } from '../../helpers/hosts-files.ts';
import { lookUpLikeGlibc } from '../../helpers/hosts-reference.ts';

const FILES = 100_000;
const ID = 'default';
/** What the project wants after its configuration has changed. */
const MOVED = [
  { address: '127.0.0.1', hostname: 'moved.test' },
  { address: '::1', hostname: 'moved.test' },
] as const;

describe('100,000 generated hosts files', () => {
  it('keep every byte outside our block, change once, come back to the byte, and take effect', () => {
    let conflicts = 0;
    let added = 0;
    for (let seed = 1; seed <= FILES; seed += 1) {
      const { text, hasConflict } = generateHosts(seed);
      const outcome = check(text, hasConflict);
      if (outcome.problem !== null) {
        expect.fail(
          `seed ${seed}: ${outcome.problem}\n${JSON.stringify(text)}\n${JSON.stringify(outcome.plan?.after)}`,
        );
      }
      if (hasConflict) conflicts += 1;
      if (outcome.plan.changed) added += 1;
    }
    // The generator really makes both kinds.
    expect(conflicts).toBeGreaterThan(FILES / 20);
    expect(added).toBeGreaterThan(FILES / 2);
  });
});

describe('any bytes at all', () => {
  it('are refused with a line number, or come back to the byte', () => {
    const marker = fc.constantFrom(
      '# >>> jwt-dev default >>>',
      '# <<< jwt-dev default <<<',
      '127.0.0.1 example.com',
      '\n',
      '\r\n',
      '\0',
    );
    const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array).toString('latin1'));
    fc.assert(
      fc.property(fc.array(fc.oneof(marker, bytes), { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const file = parseHosts(text);
        if (file.problems.length > 0) return file.problems.every(({ line }) => line >= 1);
        // A whole block of ours may be among the parts: then what is left without it is the original.
        const original = planHosts(file, ID, []).after;
        const applied = planHosts(parseHosts(original), ID, WANTED, { force: true }).after;
        return planHosts(parseHosts(applied), ID, []).after === original;
      }),
      { numRuns: 5000 },
    );
  });
});

interface Outcome {
  readonly problem: string | null;
  readonly plan: HostsPlan;
}

function check(text: string, hasConflict: boolean): Outcome {
  const careful = planHosts(parseHosts(text), ID, WANTED);
  if (careful.conflicts.length > 0 !== hasConflict)
    return { problem: 'conflict not seen, or invented', plan: careful };
  const plan = hasConflict ? planHosts(parseHosts(text), ID, WANTED, { force: true }) : careful;
  return { problem: problemOf(text, plan), plan };
}

function problemOf(text: string, plan: HostsPlan): string | null {
  const after = parseHosts(plan.after);
  if (after.problems.length > 0) return 'the result is malformed';
  if (outsideBlock(plan.after, text) !== text) return 'a byte outside the block changed';
  const again = planHosts(after, ID, WANTED);
  if (again.changed || again.conflicts.length > 0) return 'applying twice is not applying once';
  if (planHosts(after, ID, []).after !== text) return 'removing does not give the original back';
  const moved = planHosts(after, ID, MOVED);
  if (moved.conflicts.length > 0) return 'its own block is in its way';
  if (planHosts(parseHosts(moved.after), ID, []).after !== text) return 'another configuration leaves traces';
  const bytes = Buffer.from(plan.after, 'latin1');
  for (const hostname of ['example.com', 'api.example.com']) {
    const found = new Set(
      lookUpLikeGlibc(bytes, hostname).map((address) => address.replace(/^0(:0){6}:1$/, '::1')),
    );
    if (found.size !== 2 || !found.has('127.0.0.1') || !found.has('::1'))
      return `${hostname} does not take effect`;
  }
  return null;
}

/** Cuts our block out by its markers only, and the comment sign from lines that were switched off. */
function outsideBlock(after: string, original: string): string {
  const block =
    /^# >>> jwt-dev default(?: [^\n]*)? >>>(\r?\n)(?:[^\n]*\n)*?# <<< jwt-dev default <<<\r?\n/m.exec(after);
  if (block === null) return after;
  let rest = after.slice(0, block.index) + after.slice(block.index + block[0].length);
  if (block[0].includes(' forced >>>'))
    rest = rest.replaceAll(
      /^((?:\xef\xbb\xbf)?)# jwt-dev default switched off (?!00000000)[0-9a-f]{8}: /gm,
      '$1',
    );
  // The line break that a file without a final one was given: the same as in the block.
  return original.endsWith('\n') || original === '' ? rest : rest.slice(0, -(block[1] as string).length);
}
