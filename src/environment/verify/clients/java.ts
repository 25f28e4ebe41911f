import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf } from '../../../errors.ts';
import { exists } from '../../../system/files.ts';
import { findProgram } from '../../../system/programs.ts';
import { type ProcessResult, runProcess } from '../client-process.ts';
import type { FoundClient, VerifyClient, VerifyTarget, VerifyWorld } from '../types.ts';
import { JAVA_CLASS, JAVA_SOURCE } from './java-source.ts';
import { firstProgram, keptFile, LOGIN_STEPS, readScript } from './tool.ts';

/** A short program: the first compiler only, one collector thread, and the archive of the library's classes. */
const QUICK = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];

export const java: VerifyClient = {
  id: 'java',
  label: 'Java',
  find: async (world, target): Promise<FoundClient> => {
    const found = await firstProgram(['java'], world);
    if (found.program === null || (await exists(classDir(target)))) return found;
    return (await compilerBeside(found.program, world)) === undefined
      ? { program: null, why: 'it has no compiler (a JDK is needed)' }
      : found;
  },
  run: async (program, target, world) => {
    const failed = await compile(program, target, world);
    if (failed !== null) return readScript(failed);
    const { base, frontend, account, facts, systemTrust, env } = target;
    const steps = LOGIN_STEPS.map(({ method, path: where, good }) => `${method} ${where} ${good.join(',')}`);
    const given = [
      base,
      frontend,
      systemTrust ? '' : facts.caFile,
      facts.proxy ?? '',
      JSON.stringify(account.fields),
    ];
    const args = [...QUICK, '-cp', classDir(target), JAVA_CLASS];
    return readScript(
      await runProcess(program, args, { env, input: [...given, ...steps].join('\n') }, world),
    );
  },
};

/** Compiled once; another source is another directory. */
function classDir(target: Pick<VerifyTarget, 'keptDir'>): string {
  return keptFile(target, `java-${createHash('sha256').update(JAVA_SOURCE).digest('hex').slice(0, 12)}`);
}

async function compilerBeside(java: string, world: VerifyWorld): Promise<string | undefined> {
  const name = world.platform === 'win32' ? 'javac.exe' : 'javac';
  return findProgram(name, { env: { PATH: [path.dirname(java), world.env['PATH']].join(path.delimiter) } });
}

/** @returns what the compiler said where it failed; null: the class is there. */
async function compile(
  java: string,
  target: VerifyTarget,
  world: VerifyWorld,
): Promise<ProcessResult | null> {
  const dir = classDir(target);
  if (await exists(dir)) return null;
  const compiler = await compilerBeside(java, world);
  const draft = await mkdtemp(`${dir}-`);
  try {
    const source = path.join(draft, `${JAVA_CLASS}.java`);
    await writeFile(source, JAVA_SOURCE);
    const args = [...QUICK.map((flag) => `-J${flag}`), '--release', '11', '-proc:none', '-d', draft, source];
    const result = await runProcess(compiler ?? 'javac', args, { env: target.env }, world);
    if (result.exitCode !== 0) return result;
    await rm(source);
    await moveInPlace(draft, dir);
    return null;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function moveInPlace(draft: string, dir: string): Promise<void> {
  try {
    await rename(draft, dir);
  } catch (error) {
    // Another verify was faster, with the same.
    if (errnoOf(error) !== 'ENOTEMPTY' && errnoOf(error) !== 'EEXIST') throw error;
  }
}
