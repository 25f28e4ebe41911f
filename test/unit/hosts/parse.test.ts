import { describe, expect, it } from 'vitest';
import { parseHosts } from '../../../src/hosts/parse.ts';

const lines = (...text: string[]): string => text.map((line) => `${line}\n`).join('');
const BEGIN = '# >>> jwt-dev default >>>';
const END = '# <<< jwt-dev default <<<';

describe('parseHosts', () => {
  it('reads every name of a line, in one spelling, and no comment', () => {
    const { entries } = parseHosts(lines('127.0.0.1\tlocalhost  Box # example.com', '0:0::1 six'));
    expect(entries.map(({ address, hostname, line }) => [address, hostname, line])).toEqual([
      ['127.0.0.1', 'localhost', 1],
      ['127.0.0.1', 'box', 1],
      ['::1', 'six', 2],
    ]);
  });

  it.each([
    'example.com',
    '127.0.0.1',
    '127.1 example.com',
    '010.0.0.1 example.com',
    'x example.com',
    '\t',
    '',
  ])('finds no entry in %j', (line) => {
    expect(parseHosts(lines(line)).entries).toEqual([]);
  });

  it.each([
    ['most lines end in CRLF', 'a\r\nb\r\nc\n', '\r\n'],
    ['most lines end in LF', 'a\r\nb\nc\n', '\n'],
    ['there is no line ending', 'a', '\n'],
  ])('takes over the line ending when %s', (_, text, eol) => {
    expect(parseHosts(text).eol).toBe(eol);
  });

  it('leaves our own lines out when it looks for the line ending', () => {
    const text = `127.0.0.1 a\r\n${lines(BEGIN, '127.0.0.1 b', '::1 b', END)}`;
    expect(parseHosts(text).eol).toBe('\r\n');
  });

  it('uses the platform ending for a file without any', () => {
    expect(parseHosts('', '\r\n').eol).toBe('\r\n');
  });

  it.each([
    ['in a comment', `# see ${BEGIN}`],
    ['indented', ` ${BEGIN}`],
    ['followed by text', `${BEGIN} and more`],
    ['after an entry', `127.0.0.1 a ${BEGIN}`],
    ['without its space', BEGIN.replace('# ', '#')],
    ['without a project', '# >>> jwt-dev >>>'],
    ['of another tool', '# >>> conda initialize >>>'],
  ])('does not take marker text %s for a marker', (_, line) => {
    const file = parseHosts(lines(line));
    expect(file.blocks).toEqual([]);
    expect(file.problems).toEqual([]);
  });

  it('sees a block behind a byte order mark that an editor put before it', () => {
    const file = parseHosts(`\u00ef\u00bb\u00bf${lines(BEGIN, '127.0.0.1 a', END)}`);
    expect(file.problems).toEqual([]);
    expect(file.blocks).toMatchObject([{ id: 'default', start: 3, line: 1 }]);
  });

  it('does not rely on an entry behind a byte order mark', () => {
    expect(parseHosts('\u00ef\u00bb\u00bf127.0.0.1 a\n127.0.0.1 b\n').entries).toMatchObject([
      { hostname: 'a', effective: false },
      { hostname: 'b', effective: true },
    ]);
  });

  it.each([
    ['a block that is never closed', lines('', BEGIN, '127.0.0.1 a'), [2]],
    ['a block that was never opened', lines('x', 'y', END), [3]],
    ['markers the wrong way round', lines(END, '127.0.0.1 a', BEGIN), [1, 3]],
    ['a doubled block', lines(BEGIN, END, BEGIN, END), [3]],
    ['a doubled first marker', lines(BEGIN, BEGIN, END), [2]],
    ['a doubled second marker', lines(BEGIN, END, END), [3]],
    ['a block that another one closes', lines(BEGIN, '# <<< jwt-dev other <<<'), [2]],
    [
      'a block inside another one',
      lines('# >>> jwt-dev other >>>', BEGIN, END, '# <<< jwt-dev other <<<'),
      [2, 4],
    ],
    ['a NUL byte', lines('127.0.0.1 a', '127.0.0.1 \0b'), [2]],
    ['UTF-16', '\u00ff\u00fe1\u00002\u0000', [1]],
  ])('names the lines of %s', (_, text, expected) => {
    const found = parseHosts(text).problems.map(({ line }) => line);
    expect([...new Set(found)]).toEqual(expected);
  });

  it('reads a hundred thousand lines without trouble', () => {
    const text = Array.from({ length: 100_000 }, (_, index) => `0.0.0.0 ads${index}.example.net\n`).join('');
    expect(parseHosts(text).entries).toHaveLength(100_000);
  });
});
