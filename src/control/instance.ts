import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, JwtDevError } from '../errors.ts';
import {
  makePrivateDir,
  type Owner,
  readFileIfPresent,
  sweepTemporaries,
  writeFileAtomic,
} from '../system/files.ts';
import { acquireLock } from '../system/lock.ts';
import { identifyProcess, processState } from '../system/process-identity.ts';
import type { Instance, InstanceFacts, InstanceRecord } from './types.ts';

export const DEFAULT_INSTANCE = 'default';

export interface InstancePlace {
  /** The project's state directory. */
  readonly stateDir: string;
  readonly name: string;
}

/** Taken by one process at a time; gives the place back at the end. */
export interface Claim {
  readonly secret: string;
  /** What was found of an earlier environment that could not tidy up after itself. */
  readonly stale: InstanceRecord | null;
  /** Tells others that the environment is ready, and how it is reached. */
  readonly publish: (facts: InstanceFacts) => Promise<void>;
  readonly release: () => Promise<void>;
}

/** Taking the place is a matter of milliseconds. */
const LOCK_TIMEOUT_MS = 5_000;

/**
 * Makes this process the environment of that name. The record is readable by its owner alone: it holds the secret.
 * @throws JwtDevError ERR_ALREADY_RUNNING where another process is it; ERR_FILE_READ, ERR_FILE_WRITE.
 */
export async function claimInstance(
  place: InstancePlace,
  options: {
    readonly pid: number;
    readonly owner: Owner | null;
    readonly logFile: string | null;
    readonly now: () => Date;
  },
): Promise<Claim> {
  const file = instanceFile(place);
  await makePrivateDir(path.dirname(file), options.owner);
  const lock = await acquireLock(`${file}.lock`, {
    timeoutMs: LOCK_TIMEOUT_MS,
    pid: options.pid,
    busy: () => alreadyRunning(place.name, null),
  });
  try {
    const before = await readInstance(place);
    if (before.kind === 'running') throw alreadyRunning(place.name, before.record);
    await sweepTemporaries([file], { olderThanMs: 0 });
    const record: InstanceRecord = {
      name: place.name,
      process: await identifyProcess(options.pid),
      startedAt: options.now().getTime(),
      secret: randomBytes(32).toString('base64url'),
      logFile: options.logFile,
      facts: null,
    };
    const save = (changed: InstanceRecord): Promise<void> =>
      writeFileAtomic(file, JSON.stringify(changed), { mode: 0o600, owner: options.owner });
    await save(record);
    return {
      secret: record.secret,
      stale: before.kind === 'stale' ? before.record : null,
      publish: (facts) => save({ ...record, facts }),
      release: () => removeRecord(place, record.secret),
    };
  } finally {
    await lock.release();
  }
}

/** @throws JwtDevError ERR_ALREADY_RUNNING */
export async function requireFree(place: InstancePlace): Promise<void> {
  const found = await readInstance(place);
  if (found.kind === 'running') throw alreadyRunning(place.name, found.record);
}

/** What stands at that place; whether its process lives is asked of the system. @throws JwtDevError ERR_FILE_READ */
export async function readInstance(place: InstancePlace): Promise<Instance> {
  const record = parseRecord(await readFileIfPresent(instanceFile(place)));
  if (record === undefined) return { kind: 'none' };
  // A process of another container cannot be looked up: it is believed.
  const gone = (await processState(record.process, record.startedAt)) === 'gone';
  return { kind: gone ? 'stale' : 'running', record };
}

/** The names of all environments of a project that left a record, in order. */
export async function listInstances(stateDir: string): Promise<readonly string[]> {
  try {
    const names = await readdir(path.join(stateDir, 'instances'));
    return names
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .sort();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Takes a record away, unless another environment has taken the place since. */
export async function removeRecord(place: InstancePlace, secret: string): Promise<void> {
  const file = instanceFile(place);
  if (parseRecord(await readFileIfPresent(file))?.secret === secret) await rm(file, { force: true });
}

/** Where the output of a detached environment goes. */
export function instanceLogFile({ stateDir, name }: InstancePlace): string {
  return path.join(stateDir, 'instances', `${name}.log`);
}

function instanceFile({ stateDir, name }: InstancePlace): string {
  return path.join(stateDir, 'instances', `${name}.json`);
}

/** Written in one step, so a file that is no record was written by somebody else; it counts for nothing. */
function parseRecord(bytes: Buffer | undefined): InstanceRecord | undefined {
  if (bytes === undefined) return undefined;
  try {
    const value = JSON.parse(bytes.toString('utf8')) as Partial<InstanceRecord> | null;
    const isRecord = typeof value?.secret === 'string' && typeof value.process?.pid === 'number';
    return isRecord ? (value as InstanceRecord) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function alreadyRunning(name: string, record: InstanceRecord | null): JwtDevError {
  const which = name === DEFAULT_INSTANCE ? 'This environment' : `The environment "${name}"`;
  const where =
    record === null
      ? ''
      : `: process ${record.process.pid}${record.facts === null ? ', still starting' : `, ${record.facts.frontend} and ${record.facts.api}`}`;
  return new JwtDevError('ERR_ALREADY_RUNNING', `${which} is already running${where}`, {
    hint: 'Stop it with: jwt-dev down. Or start another one beside it: jwt-dev up --instance NAME --https-port 0 --http-port none',
    facts: record === null ? {} : { pid: record.process.pid, instance: name },
  });
}
