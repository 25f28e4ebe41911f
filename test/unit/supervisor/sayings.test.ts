import { expect, test } from 'vitest';
import { elsewhereMessage, endingMessage } from '../../../src/supervisor/sayings.ts';

const again = { action: 'restart', delayMs: 250 } as const;

test('the end of a command is told with what happens next', () => {
  expect(endingMessage('node server.js', { kind: 'exit', code: 1 }, again)).toBe(
    '"node server.js" ended with exit code 1. It is started again in 0.25 s.',
  );
  expect(endingMessage('x', { kind: 'exit', code: 0 }, again)).toContain('it is expected to keep running');
  expect(endingMessage('npm run build', { kind: 'exit', code: 0 }, { action: 'stop' })).toBe(
    '"npm run build" ended with exit code 0; it is expected to keep running. It never listened, so it is not started again. Correct "command" in the configuration and run jwt-dev up again.',
  );
});

test('what cannot be started is told with what to do', () => {
  const ending = { kind: 'unstartable', reason: 'there is no such program', hint: 'npm install' } as const;
  expect(endingMessage('vite', ending, { action: 'restart', delayMs: 10_000 })).toBe(
    '"vite" cannot be started: there is no such program. npm install. It is tried again every 10 s.',
  );
});

test('a server on another port is told with the setting that mends it', () => {
  expect(elsewhereMessage('vite', { port: 3000, isFixed: true }, [5173])).toContain(
    'listens on port 5173, not on 3000',
  );
  expect(elsewhereMessage('x', { port: 40_000, isFixed: false }, [3000, 3001])).toContain('"port": 3000');
});
