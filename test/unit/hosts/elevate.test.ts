import { describe, expect, it } from 'vitest';
import {
  elevatedCommand,
  quoteForShell,
  quoteForWindows,
  typedCommand,
} from '../../../src/system/elevate.ts';

const STEP = { file: '/opt/node', args: ['/usr/lib/jwt-dev/bin/jwt-dev.js', 'hosts', '--file', '/tmp/a b'] };
const USER = { uid: 1000, gid: 1001, name: 'ann' };
const ENV = {
  PATH: '/home/ann/evil:/usr/bin',
  NODE_OPTIONS: '--require /home/ann/evil.js',
  LD_PRELOAD: '/home/ann/evil.so',
  XDG_STATE_HOME: '/home/ann/state',
  JWT_DEV_HOME: '',
};

describe('one step through sudo', () => {
  const { file, args } = elevatedCommand(STEP, { way: 'sudo', user: USER }, ENV);

  it('runs with an environment that the caller does not decide', () => {
    expect([file, ...args.slice(0, 3)]).toEqual(['sudo', '--', '/usr/bin/env', '-i']);
    expect(args.join(' ')).not.toMatch(/evil|NODE_OPTIONS|LD_PRELOAD|JWT_DEV_HOME/);
    expect(args).toContain('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
  });

  it('knows whose files it makes', () => {
    expect(args).toEqual(
      expect.arrayContaining([
        'SUDO_UID=1000',
        'SUDO_GID=1001',
        'SUDO_USER=ann',
        'XDG_STATE_HOME=/home/ann/state',
      ]),
    );
  });

  it('ends in the step itself, word for word', () => {
    expect(args.slice(-5)).toEqual([STEP.file, ...STEP.args]);
  });

  it('can be typed', () => {
    const typed = typedCommand(STEP, { way: 'sudo', user: USER }, ENV);
    expect(typed).toBe(
      "sudo /usr/bin/env XDG_STATE_HOME=/home/ann/state /opt/node /usr/lib/jwt-dev/bin/jwt-dev.js hosts --file '/tmp/a b'",
    );
    expect(typedCommand(STEP, { way: 'sudo', user: null }, {})).toBe(
      "sudo /opt/node /usr/lib/jwt-dev/bin/jwt-dev.js hosts --file '/tmp/a b'",
    );
  });
});

describe('one step on Windows', () => {
  it('asks for consent through Start-Process', () => {
    const step = {
      file: 'C:\\Program Files\\node.exe',
      args: ["C:\\it's\\jwt-dev.js", 'hosts', '--file', 'C:\\a b\\'],
    };
    const { file, args } = elevatedCommand(step, { way: 'uac' }, {});
    expect(file).toBe('powershell');
    expect(args.at(-1)).toBe(
      "$step = Start-Process -FilePath 'C:\\Program Files\\node.exe' " +
        "-ArgumentList 'C:\\it''s\\jwt-dev.js hosts --file \"C:\\a b\\\\\"' -Verb RunAs -Wait -PassThru; exit $step.ExitCode",
    );
  });

  it('asks for a WSL session that may write to Windows', () => {
    const { file, args } = elevatedCommand(STEP, { way: 'wsl', distribution: 'Ubuntu' }, {});
    expect(file).toBe('powershell.exe');
    expect(args.at(-1)).toContain("-FilePath 'wsl.exe' -ArgumentList '-d Ubuntu --exec /opt/node ");
  });
});

describe('quoting', () => {
  it.each([
    ['plain-1.2/x', 'plain-1.2/x'],
    ['', "''"],
    ["it's $HOME", String.raw`'it'\''s $HOME'`],
  ])('for a shell keeps %j one word', (word, quoted) => {
    expect(quoteForShell(word)).toBe(quoted);
  });

  it.each([
    ['plain', 'plain'],
    ['a b', '"a b"'],
    ['say "x"', String.raw`"say \"x\""`],
    ['C:\\a b\\', String.raw`"C:\a b\\"`],
    ['', '""'],
  ])('for Windows keeps %j one argument', (word, quoted) => {
    expect(quoteForWindows(word)).toBe(quoted);
  });
});
