import http from 'node:http';
import { json } from 'node:stream/consumers';
import type { CheckRun, CheckWish, OpenedCheckRun } from '../../../browser-check/types.ts';
import { JwtDevError } from '../../../errors.ts';
import type { VerifyTarget, VerifyWorld } from '../types.ts';

/** How long one question waits for the page's next word. */
const WAIT_SECONDS = 10;

/** A run of the check page for one browser. @throws JwtDevError ERR_INTERNAL where the environment does not open one. */
export async function openCheckRun(
  { facts, account }: Pick<VerifyTarget, 'facts' | 'account'>,
  world: Pick<VerifyWorld, 'secret' | 'signal'>,
): Promise<OpenedCheckRun> {
  const { username, password } = account;
  const wish: CheckWish = { login: { username, password }, register: false, browserChecks: 'after-failure' };
  const { status, body } = await ask('POST', new URL('/check-runs', facts.control), world, wish);
  if (status !== 201) {
    throw new JwtDevError('ERR_INTERNAL', `The environment opened no check for the browser: ${status}`, {
      hint: 'It may be of another version. Start it again.',
    });
  }
  return body as OpenedCheckRun;
}

/** Waits until the page of a run has said that it is done; null: the run is over without. Ends with the signal. */
export async function finishedCheckRun(
  id: string,
  { facts }: Pick<VerifyTarget, 'facts'>,
  world: Pick<VerifyWorld, 'secret' | 'signal'>,
): Promise<CheckRun | null> {
  for (;;) {
    const run = await readCheckRun(id, WAIT_SECONDS, { facts }, world);
    if (run === null || run.done || world.signal.aborted) return run;
  }
}

/** Waits until the page has said something at all. @returns whether it has. */
export async function hasSpoken(
  id: string,
  waitMs: number,
  { facts }: Pick<VerifyTarget, 'facts'>,
  world: Pick<VerifyWorld, 'secret' | 'signal'>,
): Promise<boolean> {
  const url = new URL('/check-runs', facts.control);
  url.search = String(new URLSearchParams({ id, wait: `${waitMs}ms`, steps: '0' }));
  const { status, body } = await ask('GET', url, world);
  return status === 200 && (body as CheckRun).report !== null;
}

/** How far it has got. */
export async function readCheckRun(
  id: string,
  waitSeconds: number,
  { facts }: Pick<VerifyTarget, 'facts'>,
  world: Pick<VerifyWorld, 'secret' | 'signal'>,
): Promise<CheckRun | null> {
  const url = new URL('/check-runs', facts.control);
  url.searchParams.set('id', id);
  url.searchParams.set('wait', `${waitSeconds}s`);
  const { status, body } = await ask('GET', url, world);
  return status === 200 ? (body as CheckRun) : null;
}

async function ask(
  method: string,
  url: URL,
  { secret, signal }: Pick<VerifyWorld, 'secret' | 'signal'>,
  sent?: object,
): Promise<{ readonly status: number; readonly body: unknown }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${secret}`,
      ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const request = http.request(url, { method, headers, signal, agent: false });
    request.once('error', reject);
    request.once('response', (response) => {
      json(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    request.end(sent === undefined ? undefined : JSON.stringify(sent));
  });
}
