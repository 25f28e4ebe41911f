import { expect, test } from 'vitest';
import { createOutput, wantsColour } from '../../src/output.ts';

function capture(json: boolean, colour = false) {
  const out: string[] = [];
  const err: string[] = [];
  const output = createOutput(
    {
      writeOut: (text) => out.push(text),
      writeError: (text) => err.push(text),
      colourOut: colour,
      colourError: colour,
    },
    json,
  );
  return { output, out, err };
}

test('the answer goes to stdout, the conversation to stderr', () => {
  const { output, out, err } = capture(false);
  output.result({ a: 1 }, 'the answer');
  output.warn('mind this');
  expect(out).toEqual(['the answer\n']);
  expect(err).toEqual(['warning: mind this\n']);
});

test('with JSON stdout is one object a line and nothing else', () => {
  const { output, out } = capture(true, true);
  output.event({ event: 'ready' }, 'for people');
  output.result({ a: '\u00e9' }, 'for people');
  expect(out.map((line) => JSON.parse(line) as unknown)).toEqual([{ event: 'ready' }, { a: 'é' }]);
  expect(output.style('red', 'x')).toBe('x');
});

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])('colours with %j on a terminal (%s): %s', (env, terminal, wanted) => {
  expect(wantsColour(env, terminal)).toBe(wanted);
});
