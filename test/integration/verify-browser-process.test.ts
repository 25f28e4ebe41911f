import http from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import type { CheckRun } from '../../src/browser-check/types.ts';
import { type Remote, runBrowser } from '../../src/environment/verify/browsers/browser-process.ts';
import type { VerifyTarget, VerifyWorld } from '../../src/environment/verify/types.ts';
import { runCommand } from '../../src/system/run.ts';
import { listenOn } from '../helpers/proxy-fixture.ts';
import { tempDir } from '../helpers/temp-dir.ts';

// Browsers that end with their page, as Firefox does for a picture.

const remote: Remote = {
  version: null,
  open: async () => 'the page said nothing',
  complaints: () => [],
  close: async () => undefined,
};

/** A browser that ends after some milliseconds, beside a control server that knows how far its page has got. */
async function runOf(run: CheckRun, livesMs: number) {
  const control = http.createServer((request, response) => {
    // Whoever waits for the end of the run hears of it too late.
    const isWaiting = !(request.url ?? '').includes('wait=0s');
    setTimeout(() => response.end(JSON.stringify(run)), isWaiting ? livesMs + 300 : 0);
  });
  const port = await listenOn(control);
  onTestFinished(() => void control.close());
  const dir = await tempDir();
  let isReleased = false;
  const profile = {
    file: process.execPath,
    args: ['-e', `setTimeout(() => undefined, ${livesMs})`],
    env: {},
    dir,
    release: async () => {
      isReleased = true;
    },
  };
  const target = { facts: { control: `http://127.0.0.1:${port}` } } as VerifyTarget;
  const signal = new AbortController().signal;
  const world = { platform: process.platform, run: runCommand, signal, secret: 's' } as VerifyWorld;
  const begun = { id: run.id, url: '', stage: { url: '', language: '' } };
  const outcome = await runBrowser({ profile, connect: async () => remote, begun }, target, world);
  expect(isReleased).toBe(true);
  return outcome;
}

const report = {
  browser: 'Mozilla/5.0 Firefox/153.0',
  at: '2026-11-24T12:00:00.000Z',
  steps: [{ id: 'login', title: 'Login', status: 'pass', detail: '', ms: 1.4 }],
} as const;

test('one that has ended with the last word of its page has not failed', async () => {
  expect(await runOf({ id: 'r', done: true, report }, 100)).toEqual({
    version: '153.0',
    steps: [{ ...report.steps[0], ms: 1 }],
    said: '',
  });
});

test('one that has ended in the middle has failed', async () => {
  expect(await runOf({ id: 'r', done: false, report }, 100)).toMatchObject({ said: 'it ended by itself' });
});

test('one whose page was never reached has no steps', async () => {
  expect(await runOf({ id: 'r', done: false, report: null }, 100)).toEqual({
    version: null,
    steps: [],
    said: 'it ended by itself',
  });
});
