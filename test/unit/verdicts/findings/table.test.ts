import { describe, expect, test } from 'vitest';
import { buildProgram } from '../../../../src/program.ts';
import { OWN } from '../../../../src/verdicts/explain/own.ts';
import {
  findingForCookieReason,
  findingForCorsError,
  findingForSilentReason,
} from '../../../../src/verdicts/findings/chromium-names.ts';
import { FINDING_CODES, FINDINGS, isFindingCode } from '../../../../src/verdicts/findings/table.ts';

const kinds = [...FINDING_CODES.map((code) => FINDINGS[code]), ...Object.values(OWN)];

test('codes are JD and three digits, and nothing else is one', () => {
  expect(FINDING_CODES.filter((code) => !/^JD[1-6]\d\d$/.test(code))).toEqual([]);
  expect(isFindingCode('JD102')).toBe(true);
  expect(['JD999', 'toString', ''].some(isFindingCode)).toBe(false);
});

test('names are unique and in kebab case', () => {
  const names = kinds.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)+$|^timeout$/.test(name))).toEqual([]);
});

describe.each(kinds)('$name', (kind) => {
  test('can be read in one go and says what to do', () => {
    expect(kind.title.length).toBeGreaterThan(8);
    expect(kind.title.length).toBeLessThanOrEqual(80);
    expect(kind.cause.length).toBeGreaterThan(30);
    expect(kind.cause.length).toBeLessThanOrEqual(420);
    expect(kind.fixes.length).toBeGreaterThan(0);
    expect(kind.fixes.length).toBeLessThanOrEqual(7);
    expect(kind.cause).toMatch(/\.$/);
    if ('source' in kind) expect(kind.source).not.toBe('');
  });

  test('has no exclamation marks, emoji or American spelling', () => {
    const words = [kind.title, kind.cause].join(' ');
    expect(words).not.toMatch(/!|\p{Extended_Pictographic}|\b(color|behavior|serialize|recognize|center)\b/u);
  });
});

test('every jwt-dev command of a fix exists, with its options', () => {
  const program = buildProgram(
    { version: '0.0.0' },
    () => Promise.resolve(),
    () => undefined,
  );
  const unknown: string[] = [];
  const named = new Set<string>();
  for (const { cause, fixes } of kinds) {
    for (const text of [cause, ...fixes.map((fix) => fix.text)]) {
      for (const [, line = ''] of text.matchAll(/(?<![\w-])jwt-dev ((?!--)[a-z][^()")]*)/g)) {
        const [name = '', ...rest] = (line.split(' -- ')[0] ?? '').trim().split(/\s+/);
        const command = program.commands.find((each) => each.name() === name);
        named.add(name);
        const options = rest.filter((word) => word.startsWith('-')).map((word) => word.replace(/[.,]$/, ''));
        const isKnown = options.every((option) =>
          command?.options.some(({ long, short }) => [long, short].includes(option)),
        );
        if (command === undefined || !isKnown) unknown.push(line);
      }
    }
  }
  expect(unknown).toEqual([]);
  expect([...named]).toEqual(expect.arrayContaining(['trust', 'hosts', 'up', 'exec', 'certs', 'doctor']));
});

test('Chromium’s names lead to codes; a cookie that does not belong to a request is no mistake', () => {
  expect(findingForCorsError('PreflightWildcardOriginNotAllowed')).toBe('JD201');
  expect(findingForCorsError('LocalNetworkAccessPermissionDenied')).toBe('JD502');
  expect(findingForCookieReason('InvalidDomain')).toBe('JD440');
  expect(findingForCookieReason('UserPreferences')).toBe('JD445');
  expect(findingForCookieReason('NotOnPath')).toBeNull();
  expect(findingForSilentReason('PartitionedInsecure')).toBe('JD446');
});
