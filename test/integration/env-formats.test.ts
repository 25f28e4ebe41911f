import { execFileSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EnvFormat,
  formatNotes,
  formatOfShell,
  formatVariables,
} from '../../src/commands/env-formats.ts';
import { JwtDevError } from '../../src/errors.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** Whatever the environment of a process can hold, with much of what shells take for something else. */
const value = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '`',
        '\\',
        '$',
        '$(id)',
        '\n',
        '\r',
        '\r\n',
        '#',
        ' ',
        '!',
        '%',
        '=',
        '<<',
        '\\n',
        '’',
        'é',
        '\u{1F600}',
        'JWT_DEV_END',
        ';',
        '&',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => text.replaceAll('\0', '')),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const values = fc.array(value, { minLength: 1, maxLength: 30 });

const named = (list: readonly string[]): Record<string, string> =>
  Object.fromEntries(list.map((text, index) => [`V_${index}`, text]));

/** What a program sees after the text was evaluated. */
function evaluated(
  shell: string,
  args: readonly string[],
  text: string,
  names: readonly string[],
  home: string,
): Record<string, string> {
  const print = `${process.execPath} -e 'process.stdout.write(JSON.stringify(process.env))'`;
  // fish makes its directories in the home, and without one asks the system whose it is.
  const env = { PATH: '/usr/bin:/bin', HOME: home };
  const stdout = execFileSync(shell, [...args, `${text}\n${print}`], { env });
  const seen = JSON.parse(stdout.toString()) as Record<string, string>;
  return Object.fromEntries(names.flatMap((name) => (name in seen ? [[name, seen[name] ?? '']] : [])));
}

describe('jwt-dev env', () => {
  it.each([
    ['sh', 'sh', ['-c']],
    ['sh', 'bash', ['--norc', '-c']],
    ['sh', 'zsh', ['-f', '-c']],
    ['fish', 'fish', ['--no-config', '-c']],
  ] as const)('%s: %s sets exactly these values and runs nothing', async (format, shell, args) => {
    const home = await tempDir();
    fc.assert(
      fc.property(values, (list) => {
        const variables = named(list);
        const text = formatVariables(variables, format);
        expect(evaluated(shell, args, text, Object.keys(variables), home)).toEqual(variables);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['sh', 'sh', ['-c']],
    ['fish', 'fish', ['--no-config', '-c']],
  ] as const)('%s: %s unsets what must not be set', async (format, shell, args) => {
    const text = formatVariables({ GONE: 'x' }, format) + formatVariables({ GONE: null }, format);
    expect(evaluated(shell, args, text, ['GONE'], await tempDir())).toEqual({});
  });

  it('powershell: no quote ends a value, not even a typographic one', () => {
    fc.assert(
      fc.property(value, (text) => {
        const line = formatVariables({ NAME: text }, 'powershell');
        // about_Quoting_Rules: a single-quoted string goes to the next quote that is not doubled.
        const body = /^\$env:NAME = '((?:[^'‘’‚‛]|['‘’‚‛]{2})*)'\n$/.exec(line)?.[1];
        expect(body?.replaceAll(/(['‘’‚‛])\1/g, '$1')).toBe(text);
      }),
    );
    expect(formatVariables({ NAME: null }, 'powershell')).toBe(
      'Remove-Item Env:NAME -ErrorAction SilentlyContinue\n',
    );
  });

  it('github: the runner reads the same values back', () => {
    fc.assert(
      fc.property(values, (list) => {
        expect(readGithub(formatVariables(named(list), 'github'))).toEqual(named(list));
      }),
    );
  });

  it('github: what the runner refuses, and what would cut off other actions, is left out, and said', () => {
    const variables = { NODE_OPTIONS: '--require x', HTTPS_PROXY: 'http://127.0.0.1:1', OTHER: 'y' };
    expect(formatVariables(variables, 'github')).toBe('OTHER=y\n');
    expect(formatNotes(variables, 'github', 'npx jwt-dev').join()).toContain('npx jwt-dev exec --');
    expect(formatNotes(variables, 'sh', 'npx jwt-dev')).toEqual([]);
  });

  it('dotenv: the same values are read back, or it is refused', () => {
    let written = 0;
    fc.assert(
      fc.property(values, (list) => {
        // Node's own reader of such files differs from the dotenv package in carriage returns alone.
        const texts = list.map((text) => text.replaceAll('\r', ''));
        const variables = named(texts.filter((text) => isWritable(text)));
        written += Object.keys(variables).length;
        expect(parseEnv(formatVariables(variables, 'dotenv'))).toEqual(variables);
      }),
      { numRuns: 500 },
    );
    expect(written).toBeGreaterThan(1000);
  });

  it('dotenv: paths, URLs and JSON are among what can be written', () => {
    for (const text of ['', 'C:\\Users\\new dir\\', '/a b/c#d', 'a\nb', '{"a":"it\'s"}', ' x ', '"']) {
      expect(parseEnv(formatVariables({ A: text, B: "'" }, 'dotenv'))).toEqual({ A: text, B: "'" });
    }
    // Only double quotes know an escape for it.
    expect(formatVariables({ A: 'a\r\nb' }, 'dotenv')).toBe('A="a\\r\nb"\n');
    expect(() => formatVariables({ A: '\'"`\n' }, 'dotenv')).toThrow(JwtDevError);
  });

  it('json: an object, with null for what must not be set', () => {
    expect(JSON.parse(formatVariables({ A: 'x\n', B: null }, 'json'))).toEqual({ A: 'x\n', B: null });
  });

  it('the shell decides the format where none is asked for', () => {
    const formats: readonly (readonly [string | undefined, NodeJS.Platform, EnvFormat])[] = [
      ['/usr/bin/fish', 'linux', 'fish'],
      ['/bin/zsh', 'darwin', 'sh'],
      ['/snap/bin/pwsh', 'linux', 'powershell'],
      ['C:\\Program Files\\Git\\bin\\bash.exe', 'win32', 'sh'],
      [undefined, 'win32', 'powershell'],
      [undefined, 'linux', 'sh'],
    ];
    for (const [shell, platform, format] of formats) expect(formatOfShell(shell, platform)).toBe(format);
  });
});

function isWritable(text: string): boolean {
  try {
    formatVariables({ A: text }, 'dotenv');
    return true;
  } catch (error) {
    if (error instanceof JwtDevError) return false;
    throw error;
  }
}

/** As the runner reads it: lines end with a line feed; the first of "=" and "<<" decides (its FileCommandManager). */
function readGithub(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = text.split('\n').slice(0, -1);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, name = '', sign, rest = ''] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? [];
    if (sign === '=') {
      found[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    expect(end).toBeGreaterThan(at);
    found[name] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return found;
}
