import { describe, expect, test } from 'vitest';
import { choosePort, type PortFacts, printedPorts } from '../../../src/supervisor/choose-port.ts';
import { isReachable, parseLsof } from '../../../src/supervisor/listening-ports.ts';

const LONG = 10_000;
const nothing: PortFacts = {
  assigned: 40_000,
  assignedIsFixed: false,
  assignedAccepts: false,
  listening: new Map(),
  printed: new Map(),
};

describe('where a command listens', () => {
  test.each<[string, Partial<PortFacts>, object]>([
    ['nowhere yet', {}, { kind: 'unknown' }],
    [
      'at PORT, whatever else it opens',
      { assignedAccepts: true, listening: new Map([[5173, LONG]]) },
      { kind: 'listening', port: 40_000 },
    ],
    [
      'where it printed, if it does listen there (Vite)',
      {
        listening: new Map([
          [5173, 400],
          [3001, LONG],
        ]),
        printed: new Map([[5173, 400]]),
      },
      { kind: 'listening', port: 5173 },
    ],
    [
      'not at a printed port that is somebody else’s',
      { listening: new Map([[4000, 100]]), printed: new Map([[8000, LONG]]) },
      { kind: 'unknown' },
    ],
    [
      'not yet: PORT may follow',
      { printed: new Map([[5173, 100]]), listening: new Map([[5173, 100]]) },
      { kind: 'unknown' },
    ],
    [
      'at its only port, once that has lasted',
      { listening: new Map([[8080, 2000]]) },
      { kind: 'listening', port: 8080 },
    ],
    ['not at a port that has just opened', { listening: new Map([[8080, 1999]]) }, { kind: 'unknown' }],
    [
      'not at a debugger’s port',
      {
        listening: new Map([
          [9229, LONG],
          [24_678, LONG],
        ]),
      },
      { kind: 'unknown' },
    ],
    [
      'beside a debugger',
      {
        listening: new Map([
          [9229, LONG],
          [3000, LONG],
        ]),
      },
      { kind: 'listening', port: 3000 },
    ],
    [
      'at several ports: the user must say which',
      {
        listening: new Map([
          [3000, LONG],
          [3001, LONG],
        ]),
      },
      { kind: 'elsewhere', ports: [3000, 3001] },
    ],
    [
      'where it printed, as far as that can be tried (Windows)',
      { listening: null, printed: new Map([[5173, 400]]) },
      { kind: 'try', port: 5173 },
    ],
    [
      'elsewhere than the configuration says',
      { assignedIsFixed: true, listening: new Map([[5173, LONG]]), printed: new Map([[5173, LONG]]) },
      { kind: 'elsewhere', ports: [5173] },
    ],
  ])('%s', (_what, facts, verdict) => {
    expect(choosePort({ ...nothing, ...facts })).toEqual(verdict);
  });
});

test.each([
  ['  ➜  Local:   http://localhost:5173/', [5173]],
  ['Starting development server at http://127.0.0.1:8000/', [8000]],
  ['Listening on http://[::1]:3000 and http://0.0.0.0:3001', [3000, 3001]],
  ['Listening on http://[::]:3000', [3000]],
  ['see https://vite.dev:443/ and http://192.168.0.2:5173/', []],
  ['http://localhost/ has no port, http://localhost:99999 is none', []],
])('a printed address: %s', (line, ports) => {
  expect(printedPorts(line)).toEqual(ports);
});

test.each([
  ['127.0.0.1', '0100007F', true],
  ['127.0.1.1', '0101007F', true],
  ['0.0.0.0', '00000000', true],
  ['192.168.0.2', '0200A8C0', false],
  ['::1', '00000000000000000000000001000000', true],
  ['::', '00000000000000000000000000000000', true],
  ['::ffff:127.0.0.1', '0000000000000000FFFF00000100007F', true],
  ['::ffff:192.168.0.2', '0000000000000000FFFF00000200A8C0', false],
  ['fe80::1', '000080FE000000000000000001000000', false],
])('a listener on %s is reached over loopback or not', (_, address, reachable) => {
  expect(isReachable({ address })).toBe(reachable);
});

test('lsof names listeners that loopback reaches', () => {
  const text = 'p12\nf23\nn127.0.0.1:5173\nf24\nn[::1]:5174\nn*:3000\nn192.168.0.2:4000\nn[::]:3001\n';
  expect(parseLsof(text)).toEqual([5173, 5174, 3000, 3001]);
});
