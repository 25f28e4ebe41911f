import { expect, test } from 'vitest';
import { ownArguments } from '../../../src/system/own-arguments.ts';

const split = (line: string) => {
  const { own, wraps } = ownArguments(line === '' ? [] : line.split(' '));
  return [own.join(' '), wraps];
};

test('what stands behind two dashes is not ours', () => {
  expect(split('up --json -- node x --json')).toEqual(['up --json', true]);
  expect(split('exec -- node -e x --json')).toEqual(['exec', true]);
  expect(split('hosts --json')).toEqual(['hosts --json', false]);
  expect(split('')).toEqual(['', false]);
});

test('exec takes its command without dashes too', () => {
  expect(split('exec --json node x --json')).toEqual(['exec --json', true]);
  expect(split('--config exec exec --instance a node --json')).toEqual([
    '--config exec exec --instance a',
    true,
  ]);
  expect(split('exec --instance=a node --json')).toEqual(['exec --instance=a', true]);
});

test('only what runs a command has its exit code', () => {
  expect(split('up')).toEqual(['up', false]);
  expect(split('users add up -- x')).toEqual(['users add up', false]);
  expect(split('exec --help')).toEqual(['exec --help', true]);
});
