import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { remaining, selectTree } from '../../../src/system/kill-tree.ts';
import { type ListedProcess, parsePs, parseStat } from '../../../src/system/process-table.ts';

const one = (
  pid: number,
  parent: number,
  group: number,
  more: Partial<ListedProcess> = {},
): ListedProcess => ({
  pid,
  parent,
  group,
  zombie: false,
  startedAt: `t${pid}`,
  ...more,
});
const pids = (list: readonly ListedProcess[]): readonly number[] =>
  list.map(({ pid }) => pid).sort((a, b) => a - b);

/** We (10), a guard (20) with a shell (21), its server (22) and a worker in a session of its own (30, 31). */
const table = [
  one(1, 0, 1),
  one(10, 1, 10),
  one(20, 10, 20),
  one(21, 20, 20),
  one(22, 21, 20),
  one(30, 22, 30),
  one(31, 30, 30),
  one(40, 1, 40),
];

describe('the tree of a command', () => {
  test('is its group and all that descends from it, also in other sessions', () => {
    expect(pids(selectTree(table, { group: 20, pids: [] }))).toEqual([20, 21, 22, 30, 31]);
  });

  test('is found when its guard is gone and init has taken the shell', () => {
    const without = table
      .filter(({ pid }) => pid !== 20)
      .map((p) => (p.pid === 21 ? { ...p, parent: 1 } : p));
    expect(pids(selectTree(without, { group: 20, pids: [] }))).toEqual([21, 22, 30, 31]);
  });

  test('has no zombies, but their children', () => {
    const dying = table.map((p) => (p.pid === 22 ? { ...p, zombie: true } : p));
    expect(pids(selectTree(dying, { group: 20, pids: [] }))).toEqual([20, 21, 30, 31]);
  });

  test('does not have what made itself independent: an editor, a browser, a daemon', () => {
    const daemon = table.map((p) => (p.pid === 30 ? { ...p, parent: 1 } : p));
    expect(pids(selectTree(daemon, { group: 20, pids: [] }))).toEqual([20, 21, 22]);
  });

  test('a table that says nonsense (a circle) ends all the same', () => {
    expect(pids(selectTree([one(5, 6, 5), one(6, 5, 6)], { group: 5, pids: [] }))).toEqual([5, 6]);
  });

  test('only members and their descendants are ever chosen', () => {
    const process = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(5));
    fc.assert(
      fc.property(fc.array(process, { maxLength: 20 }), fc.nat(5), (rows, group) => {
        const listed = [...new Map(rows.map(([pid, parent, g]) => [pid, one(pid, parent, g)])).values()];
        const chosen = new Set(pids(selectTree(listed, { group, pids: [] })));
        for (const p of listed) {
          expect(chosen.has(p.pid)).toBe(p.group === group || chosen.has(p.parent));
        }
      }),
    );
  });
});

describe('who is still to be ended', () => {
  const known = new Map(table.map(({ pid, startedAt }) => [pid, startedAt]));
  const wereThere = new Map([...known].filter(([pid]) => [20, 21, 22, 30, 31].includes(pid)));

  test('is never the one who ends them', () => {
    expect(pids(remaining(table, { group: 20, pids: [] }, new Map(), 20))).toEqual([21, 22, 30, 31]);
  });

  test('is also who lost its parent since', () => {
    const orphaned = [one(20, 10, 20), one(31, 1, 30)];
    expect(pids(remaining(orphaned, { group: 20, pids: [] }, wereThere, 20))).toEqual([31]);
  });

  test('is not a later process with the same number', () => {
    const recycled = [one(20, 10, 20), one(31, 1, 31, { startedAt: 'later' })];
    expect(pids(remaining(recycled, { group: 20, pids: [] }, wereThere, 20))).toEqual([]);
  });
});

describe('the list of processes', () => {
  test('reads proc(5), whatever the program is called', () => {
    const fields = ['S', '3', '5', '9', ...Array.from({ length: 15 }, () => '0'), '4242', '0'];
    expect(parseStat(`7 (a) b (c)) ${fields.join(' ')}\n`)).toEqual({
      pid: 7,
      parent: 3,
      group: 5,
      zombie: false,
      startedAt: '4242',
    });
    expect(parseStat(`7 (x) ${['Z', ...fields.slice(1)].join(' ')}\n`)?.zombie).toBe(true);
    expect(parseStat('')).toBeUndefined();
  });

  test('reads ps of macOS and the BSDs', () => {
    const text =
      '    1     0     1 Ss   Mon Nov 23 09:00:00 2026    \n  501   1   501 Z+   Mon Nov 23 09:01:00 2026\n\n';
    expect(parsePs(text)).toEqual([
      { pid: 1, parent: 0, group: 1, zombie: false, startedAt: 'Mon Nov 23 09:00:00 2026' },
      { pid: 501, parent: 1, group: 501, zombie: true, startedAt: 'Mon Nov 23 09:01:00 2026' },
    ]);
  });
});
