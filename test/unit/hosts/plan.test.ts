import { describe, expect, it } from 'vitest';
import { parseHosts } from '../../../src/hosts/parse.ts';
import { type HostsPlan, planHosts, planRemoveAll } from '../../../src/hosts/plan.ts';

const lines = (...text: string[]): string => text.map((line) => `${line}\n`).join('');
const LOOPBACK = [
  { address: '127.0.0.1', hostname: 'example.com' },
  { address: '::1', hostname: 'example.com' },
] as const;
const OTHER = [{ address: '127.0.0.1', hostname: 'other.test' }] as const;

const plan = (
  text: string,
  wanted: Parameters<typeof planHosts>[2] = LOOPBACK,
  id = 'shop',
  force = false,
): HostsPlan => planHosts(parseHosts(text), id, wanted, { force });
const block = (id: string, ...entries: string[]): string =>
  lines(
    `# >>> jwt-dev ${id} >>>`,
    '# Written by jwt-dev. To take it out: jwt-dev hosts --remove',
    ...entries,
    `# <<< jwt-dev ${id} <<<`,
  );
const SHOP = block('shop', '127.0.0.1 example.com', '::1 example.com');

describe('planHosts', () => {
  it('adds a block at the end, one line for each name and address', () => {
    const { after, changed, changes } = plan('127.0.0.1 localhost\n');
    expect(after).toBe(`127.0.0.1 localhost\n${SHOP}`);
    expect(changed).toBe(true);
    expect(changes).toEqual(LOOPBACK.map((entry) => ({ kind: 'add', ...entry })));
  });

  it('adds example.com where only api.example.com is (devcert#28)', () => {
    const { changes } = plan('127.0.0.1 api.example.com notexample.com example.com.test\n');
    expect(changes.map(({ kind }) => kind)).toEqual(['add', 'add']);
  });

  it('writes in the line ending of the file', () => {
    expect(plan('127.0.0.1 a\r\n').after).toBe(`127.0.0.1 a\r\n${SHOP.replaceAll('\n', '\r\n')}`);
  });

  it('relies on lines of the user and adds only what they leave out', () => {
    const { after, changes } = plan('127.0.0.1 localhost Example.com # mine\n');
    expect(after).toContain(block('shop', '::1 example.com'));
    expect(changes).toEqual([
      { kind: 'keep', ...LOOPBACK[0] },
      { kind: 'add', ...LOOPBACK[1] },
    ]);
  });

  it('needs no block where the user has it all', () => {
    expect(plan('127.0.0.1 example.com\n0:0:0::1 example.com\n')).toMatchObject({
      changed: false,
      conflicts: [],
    });
  });

  it('changes nothing in a block that says the same in other words', () => {
    const text = block('shop', '# a note', '::1   example.com', '127.0.0.1\tEXAMPLE.com');
    expect(plan(text)).toMatchObject({ changed: false, after: text });
  });

  it('replaces its own block in its place', () => {
    const { after, changes } = plan(`a\n${SHOP}b\n`, OTHER);
    expect(after).toBe(`a\n${block('shop', '127.0.0.1 other.test')}b\n`);
    expect(changes.map(({ kind, hostname }) => `${kind} ${hostname}`)).toEqual([
      'add other.test',
      'remove example.com',
      'remove example.com',
    ]);
  });

  it('brings back an entry that was commented out inside the block (docker/desktop-feedback#377)', () => {
    const { after } = plan(SHOP.replace('::1 ', '#::1 '));
    expect(after).toBe(SHOP);
  });
});

describe('a block without entries', () => {
  it('goes when nothing is wanted', () => {
    expect(plan(`a\n${block('shop')}b\n`, [])).toMatchObject({ changed: true, after: 'a\nb\n', changes: [] });
  });
});

describe('a foreign line that maps our name elsewhere', () => {
  const TEXT = lines('127.0.0.1 localhost', '10.0.0.5 example.com db # prod', '::1 x');

  it('is a conflict with its line', () => {
    expect(plan(TEXT).conflicts).toEqual([
      { line: 2, hostname: 'example.com', found: '10.0.0.5', block: null },
    ]);
  });

  it('becomes a comment by force, and its other names stay', () => {
    const { after, changes, switchesOff } = plan(TEXT, LOOPBACK, 'shop', true);
    expect(switchesOff).toEqual([{ line: 2, text: '10.0.0.5 example.com db # prod' }]);
    expect(after).toMatch(
      /^127\.0\.0\.1 localhost\n# jwt-dev shop switched off [0-9a-f]{8}: 10\.0\.0\.5 example\.com db # prod\n::1 x\n/,
    );
    expect(after).toContain('\n10.0.0.5 db\n');
    expect(changes.at(-1)).toEqual({ kind: 'remove', address: '10.0.0.5', hostname: 'example.com' });
  });

  it('stays off without force, comes back when the name is given up, and with the whole block', () => {
    const forced = plan(TEXT, LOOPBACK, 'shop', true).after;
    expect(plan(forced)).toMatchObject({ changed: false, conflicts: [] });
    expect(plan(forced, OTHER).after).toBe(TEXT + block('shop', '127.0.0.1 other.test'));
    expect(plan(forced, []).after).toBe(TEXT);
  });

  it('leaves a line alone that somebody has edited since', () => {
    const edited = plan(TEXT, LOOPBACK, 'shop', true).after.replace('db # prod', 'db2 # prod');
    expect(plan(edited, []).after).toContain(': 10.0.0.5 example.com db2 # prod\n');
  });

  it('is switched off also where the block holds nothing else', () => {
    const text = lines('127.0.0.1 example.com', '::1 example.com', '10.0.0.5 example.com');
    const forced = plan(text, LOOPBACK, 'shop', true).after;
    expect(forced).toContain('forced >>>');
    expect(plan(forced).changed).toBe(false);
    expect(plan(forced, []).after).toBe(text);
  });

  it('is not forced when it is another project that says so', () => {
    const text = block('other', '127.0.0.9 example.com');
    expect(plan(text, LOOPBACK, 'shop', true).conflicts).toEqual([
      { line: 3, hostname: 'example.com', found: '127.0.0.9', block: 'other' },
    ]);
  });

  it('is no conflict in a comment or for another name', () => {
    expect(plan(lines('# 10.0.0.5 example.com', '10.0.0.5 www.example.com')).conflicts).toEqual([]);
  });
});

describe('several projects', () => {
  const blog = block('blog', '127.0.0.1 example.com', '::1 example.com');

  it('each have their own entries, also for the same names', () => {
    expect(plan(blog).after).toBe(blog + SHOP);
  });

  it('can be removed in any order, and the original comes back', () => {
    for (const original of ['', 'a', 'a\r\nb', 'a\n']) {
      const both = plan(plan(original, LOOPBACK, 'blog').after, LOOPBACK, 'shop').after;
      for (const [first, second] of [
        ['blog', 'shop'],
        ['shop', 'blog'],
      ] as const) {
        const one = plan(both, [], first).after;
        expect(one).toContain(`# >>> jwt-dev ${second}`);
        expect(plan(one, [], second).after, JSON.stringify(original)).toBe(original);
      }
      expect(planRemoveAll(parseHosts(both)).after).toBe(original);
    }
  });
});

describe('a file without a final line break', () => {
  it('gets it back after removal', () => {
    const after = plan('127.0.0.1 a').after;
    expect(after.startsWith('127.0.0.1 a\n# >>> jwt-dev shop newline-after-')).toBe(true);
    expect(plan(after, []).after).toBe('127.0.0.1 a');
  });

  it('keeps the line break that has become necessary since', () => {
    const after = `${plan('127.0.0.1 a').after}127.0.0.1 b`;
    expect(plan(after, []).after).toBe('127.0.0.1 a\n127.0.0.1 b');
  });

  it('keeps the line break of a line that came in between', () => {
    const after = plan('127.0.0.1 a').after.replace('a\n', 'a\n127.0.0.1 b\n');
    expect(plan(after, []).after).toBe('127.0.0.1 a\n127.0.0.1 b\n');
  });
});
