import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type CompletedShell, completionScript } from '../../src/commands/completion.ts';
import { buildProgram } from '../../src/program.ts';
import { cleanEnv } from '../helpers/cli.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const exec = promisify(execFile);

const program = () =>
  buildProgram(
    { version: '0.0.0' },
    () => Promise.resolve(),
    () => undefined,
  );

/** The words of a command line as each shell hands them to a completion; the last one is being typed. */
type Complete = (words: readonly string[], cwd?: string) => Promise<readonly string[]>;

async function scriptFile(shell: CompletedShell): Promise<{ dir: string; file: string }> {
  const dir = await tempDir();
  const file = path.join(dir, `completion.${shell}`);
  await writeFile(file, await completionScript(shell, program()));
  return { dir, file };
}

const lines = (text: string): readonly string[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .sort();

const bash: Complete = async (words, cwd) => {
  const { dir, file } = await scriptFile('bash');
  // As readline does: "=" is a word of its own.
  const typed = words.flatMap((word) => word.split(/(=)/)).filter((word, at) => word !== '' || at > 0);
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _jwt_dev; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await exec('bash', ['--norc', '-c', script, 'bash', file, ...typed], {
    cwd: cwd ?? dir,
    env: cleanEnv(dir),
  });
  return lines(stdout);
};

const fish: Complete = async (words, cwd) => {
  const { dir, file } = await scriptFile('fish');
  const { stdout } = await exec(
    'fish',
    ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', file, words.join(' ')],
    {
      cwd: cwd ?? dir,
      env: cleanEnv(dir),
    },
  );
  return lines(stdout).map((line) => line.split('\t')[0] ?? '');
};

/** zsh completes only at a terminal; so one of its own, with what would be inserted printed instead. */
const zsh: Complete = async (words, cwd) => {
  const { dir, file } = await scriptFile('zsh');
  const script = `
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "PS1=; autoload -Uz compinit; compinit -u -D; source $1"
    zpty -w shell 'compadd() { local -a found; builtin compadd -A found "$@"; (( \${#found} )) && printf "<%s>\\n" "\${found[@]}"; builtin compadd "$@" }'
    zpty -w shell 'list() { zle list-choices; zle kill-buffer; print DONE }; zle -N list; bindkey "^X" list; print READY'
    zpty -r shell out '*READY*READY*'
    zpty -w -n shell "$2"$'\\030'
    zpty -r shell out '*DONE*'
    print -r -- "$out"
    zpty -d shell`;
  const { stdout } = await exec('zsh', ['-f', '-c', script, 'zsh', file, words.join(' ')], {
    cwd: cwd ?? dir,
    env: cleanEnv(dir, { TERM: 'dumb' }),
    timeout: 30_000,
  });
  return [...new Set([...stdout.matchAll(/<([^<>\r\n]+)>/g)].map((match) => match[1] ?? ''))].sort();
};

describe.each<[CompletedShell, Complete]>([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
])('completion in %s', (_shell, complete) => {
  test('knows the commands', async () => {
    expect(await complete(['jwt-dev', 'h'])).toEqual(['hosts']);
    expect(await complete(['jwt-dev', ''])).toEqual(
      expect.arrayContaining(['certs', 'exec', 'hosts', 'init', 'up', 'users']),
    );
    expect(await complete(['jwt-dev', 'users', 'pass'])).toEqual(['passwd']);
  });

  test('knows the options of a command, and no hidden ones', async () => {
    expect(await complete(['jwt-dev', 'up', '--htt'])).toEqual(['--http-port', '--https-port']);
    expect(await complete(['jwt-dev', 'hosts', '--e'])).toEqual([]);
    expect(await complete(['jwt-dev', 'up', '--https-port', '8443', '--str'])).toEqual(['--strict-port']);
    expect(await complete(['jwt-dev', 'users', 'add', '--first'])).toEqual(['--first-name']);
  });

  test('knows the choices of an option and of an argument', async () => {
    expect(await complete(['jwt-dev', 'outbox', '--type', ''])).toEqual(['confirm-email', 'reset-password']);
    expect(await complete(['jwt-dev', 'outbox', '--type', 'r'])).toEqual(['reset-password']);
    expect(await complete(['jwt-dev', 'completion', 'z'])).toEqual(['zsh']);
  });

  test('offers files where a file is meant, and directories where a directory is', async () => {
    const cwd = await tempDir();
    await mkdir(path.join(cwd, 'other-dir'));
    await writeFile(path.join(cwd, 'other-file.json'), '');
    expect(await complete(['jwt-dev', 'up', '--config', 'other-f'], cwd)).toEqual(['other-file.json']);
    expect(await complete(['jwt-dev', 'users', 'import', 'other-f'], cwd)).toEqual(['other-file.json']);
    const directories = await complete(['jwt-dev', 'certs', '--export', 'other'], cwd);
    expect(directories.map((name) => name.replace(/\/$/, ''))).toEqual(['other-dir']);
  });

  test('leaves a command of the user alone', async () => {
    expect(await complete(['jwt-dev', 'exec', '--', 'true', '--htt'])).toEqual([]);
    expect(await complete(['jwt-dev', 'exec', '--', 'mktem'])).toEqual(expect.arrayContaining(['mktemp']));
  });
});

test('a value after an equals sign is completed too', async () => {
  expect(await bash(['jwt-dev', 'outbox', '--type=r'])).toEqual(['reset-password']);
  expect(await fish(['jwt-dev', 'outbox', '--type=r'])).toEqual(['--type=reset-password']);
});
