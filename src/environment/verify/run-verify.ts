import path from 'node:path';
import { askControl } from '../../control/client.ts';
import type { InstanceRecord } from '../../control/types.ts';
import { examine, selectChecks } from '../../doctor/examine.ts';
import type { DoctorWorld, Finding } from '../../doctor/types.ts';
import { JwtDevError, messageOf } from '../../errors.ts';
import { makePrivateDir } from '../../system/files.ts';
import type { DescribedFinding } from '../../verdicts/findings/format.ts';
import { chooseAccount, type Login } from './account.ts';
import { VERIFY_CLIENTS } from './clients/index.ts';
import { fromCheck, fromTraffic } from './convert.ts';
import { clientEnvironment } from './environment.ts';
import { findingsOfClient, joinFindings, reasonOf } from './join-findings.ts';
import { sweepLeftovers } from './leftovers.ts';
import { printable } from './printable.ts';
import { trySession } from './session.ts';
import type {
  Account,
  ClientId,
  ClientOutcome,
  ClientRun,
  VerifyClient,
  VerifyFinding,
  VerifyReport,
  VerifyTarget,
  VerifyWorld,
} from './types.ts';

export interface VerifyWish {
  readonly clients: readonly ClientId[];
  readonly login: Login | null;
  readonly systemTrust: boolean;
}

export interface VerifyDeps {
  readonly world: VerifyWorld;
  /** The same machine, as `doctor` looks at it. */
  readonly doctor: DoctorWorld;
  readonly record: InstanceRecord & { readonly facts: NonNullable<InstanceRecord['facts']> };
  /** Told each client as it ends; why it failed is known when all have. */
  readonly onClient: (outcome: Omit<ClientOutcome, 'reason'>) => void;
  /** How the user types `jwt-dev`, for the hints of errors. */
  readonly typed: string;
}

/** The questions of `doctor` whose answers explain many failures at once. First where the names lead … */
const WAY = selectChecks('N1,N2,N7');
/** … and then ports, servers, certificate and clock. */
const STATE = selectChecks('P1,P4,P5,T1,K9');

/**
 * Lets every client that is there perform a whole login, all at once, and says what is wrong where one cannot.
 * @throws JwtDevError ERR_USAGE where nobody can log in; ERR_INTERRUPTED where it was given up; ERR_NOT_RUNNING where the
 * environment ended meanwhile: what its clients say then is about its end.
 */
export async function runVerify(wish: VerifyWish, deps: VerifyDeps): Promise<VerifyReport> {
  const { world, doctor, record } = deps;
  const keptDir = path.join(world.config.stateDir, 'verify');
  await makePrivateDir(keptDir, world.owner);
  await sweepLeftovers(keptDir, world.now());
  const [before, account, env, way] = await Promise.all([
    liveFindings(record),
    chooseAccount(wish.login, record, { ...doctor, typed: deps.typed }),
    clientEnvironment(record.facts, wish, world),
    examine({ ...doctor, api: null }, WAY),
  ]);
  const { facts } = record;
  const target: VerifyTarget = {
    facts,
    frontend: facts.frontend,
    base: `${facts.api}${world.config.auth.basePath}`,
    account: leadsHere(way, record) ? account : NOBODY,
    env,
    systemTrust: wish.systemTrust,
    keptDir,
  };
  const wanted = VERIFY_CLIENTS.filter(({ id }) => wish.clients.includes(id));
  const [tried, state, session] = await Promise.all([
    Promise.all(wanted.map((client) => tryClient(client, target, deps))),
    examine({ ...doctor, api: null }, STATE),
    trySession(account, record, doctor),
  ]);
  if (world.signal.aborted) throw new JwtDevError('ERR_INTERRUPTED', 'Given up before all clients had ended');
  const after = await liveFindings(record);
  if (after === null) {
    throw new JwtDevError('ERR_NOT_RUNNING', 'The environment ended while the clients were logging in', {
      hint: `Start it again, then verify: ${deps.typed} up --detach`,
    });
  }
  const traffic = newFindings(before ?? [], after).map(fromTraffic);
  const words = tried.map(({ outcome, run }) => (run === null ? [] : findingsOfClient(outcome.id, run)));
  const findings = joinFindings([
    ...[...way, ...state].flatMap((finding) => fromCheck(finding)),
    ...traffic,
    ...words.flat(),
    ...session,
  ]);
  const clients = tried.map(({ outcome, run }, index): ClientOutcome => {
    const own = words[index] ?? [];
    return run === null || outcome.status !== 'fail'
      ? outcome
      : { ...outcome, reason: reasonOf(outcome.id, run, own, findings) };
  });
  return { ok: isGood(clients, findings), clients, findings };
}

/**
 * Whether every name was proved to lead to this environment. Where it was not, the clients show where it leads, and a
 * stranger's server must not get a password that means something.
 */
function leadsHere(way: readonly Finding[], { facts }: VerifyDeps['record']): boolean {
  return facts.mode === 'rootless' || way.every(({ status }) => status === 'ok' || status === 'warn');
}

const NOBODY: Account = {
  username: 'nobody',
  password: 'nothing',
  fields: { username: 'nobody', password: 'nothing' },
};

function isGood(clients: readonly ClientOutcome[], findings: readonly VerifyFinding[]): boolean {
  const has = (status: ClientOutcome['status']): boolean =>
    clients.some((client) => client.status === status);
  return has('pass') && !has('fail') && findings.every(({ severity }) => severity !== 'error');
}

interface Tried {
  readonly outcome: ClientOutcome;
  /** null: it was not run. */
  readonly run: ClientRun | null;
}

async function tryClient(client: VerifyClient, target: VerifyTarget, deps: VerifyDeps): Promise<Tried> {
  const { id, label } = client;
  const began = performance.now();
  const tried = await findAndRun(client, target, deps.world);
  const run = typeof tried === 'string' ? null : tried;
  const status = run === null ? 'absent' : run.said === '' ? 'pass' : 'fail';
  const outcome = {
    id,
    label,
    version: run?.version ?? null,
    status,
    durationMs: Math.round(performance.now() - began),
    steps: run?.steps ?? [],
  } as const;
  // Who was ended with everything else has not failed.
  if (!deps.world.signal.aborted) deps.onClient(outcome);
  return { outcome: { ...outcome, reason: typeof tried === 'string' ? tried : null }, run };
}

/** @returns the run, or why there is none. */
async function findAndRun(
  client: VerifyClient,
  target: VerifyTarget,
  world: VerifyWorld,
): Promise<ClientRun | string> {
  const found = await client.find(world, target);
  if (found.program === null) return found.why;
  try {
    return printable(await client.run(found.program, target, world));
  } catch (error) {
    // What a browser's profile needs (certutil) is missing: it was not tried.
    if (error instanceof JwtDevError && error.code === 'ERR_BROWSER') {
      return [error.message, error.hint].filter((text) => text !== undefined).join('. ');
    }
    return printable({ version: null, steps: [], said: messageOf(error) });
  }
}

/** There is nothing to wait for but what still has to be looked at. */
const FINDINGS_TIMEOUT_MS = 5_000;

/** @returns null: the environment does not answer. */
async function liveFindings(record: InstanceRecord): Promise<readonly DescribedFinding[] | null> {
  const question = { method: 'GET', path: '/findings', timeoutMs: FINDINGS_TIMEOUT_MS } as const;
  const reply = await askControl(record, question);
  if (reply === undefined) return null;
  if (reply.status !== 200) return [];
  return (reply.body as { readonly findings: readonly DescribedFinding[] }).findings;
}

/** Those that have come up in the meantime, by their count. */
function newFindings(
  before: readonly DescribedFinding[],
  after: readonly DescribedFinding[],
): readonly DescribedFinding[] {
  const keyOf = ({ code, host, subject }: DescribedFinding): string => JSON.stringify([code, host, subject]);
  const counts = new Map(before.map((finding) => [keyOf(finding), finding.count]));
  return after.filter(
    (finding) => finding.severity !== 'info' && finding.count > (counts.get(keyOf(finding)) ?? 0),
  );
}
