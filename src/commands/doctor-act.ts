import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { examine, selectChecks } from '../doctor/examine.ts';
import { probeOverNetwork } from '../doctor/facts/probe.ts';
import { countFindings, formatFindings } from '../doctor/format.ts';
import type { ApiWish, DoctorWorld, Finding } from '../doctor/types.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { lookUpLikePrograms } from '../hosts/resolution.ts';
import { callingUser } from '../system/elevate.ts';
import type { DoctorOptions } from './doctor.ts';
import { fixFindings } from './doctor-fix.ts';
import { instancePlace } from './instance.ts';
import { parseAccount } from './login-option.ts';

/** The answer of `doctor --json`. */
export interface DoctorAnswer {
  /** No finding failed; with `--strict` there is no warning either. */
  readonly ok: boolean;
  readonly counts: ReturnType<typeof countFindings>;
  readonly findings: readonly Finding[];
  /** What `--fix` did, as sentences. */
  readonly fixed: readonly string[];
}

/**
 * Examines, repairs where that is wanted, and answers the exit code: 3 where a finding fails.
 * @param overrides tests stand in for the resolver and the file system's root here.
 */
export async function runDoctor(
  options: DoctorOptions,
  context: Context,
  config: Config,
  overrides: Partial<DoctorWorld> = {},
): Promise<number> {
  const api = apiWish(options);
  const checks = selectChecks(options.only ?? null, api !== null);
  const look = (): Promise<readonly Finding[]> =>
    examine({ ...doctorWorld(options, context, config), api, ...overrides }, checks);
  const before = await look();
  const fixed = options.fix === true ? await fixFindings(before, look, context, config) : [];
  const findings = fixed.length > 0 ? await look() : before;
  const counts = countFindings(findings);
  const good = counts.fail === 0 && (options.strict !== true || counts.warn === 0);
  const answer: DoctorAnswer = { ok: good, counts, findings, fixed };
  context.output.result(answer, formatFindings(findings, context.output));
  return good ? EXIT.done : EXIT.drift;
}

/** @throws JwtDevError ERR_USAGE */
function apiWish({ api, login, fix }: DoctorOptions): ApiWish | null {
  if (api === undefined) {
    if (login === undefined) return null;
    throw new JwtDevError('ERR_USAGE', '--login is for an API, and none was named', {
      hint: 'jwt-dev doctor --api --login user:password',
    });
  }
  if (fix === true) {
    throw new JwtDevError('ERR_USAGE', '--fix repairs this machine, and --api looks at a backend', {
      hint: 'Give one of them.',
    });
  }
  return {
    url: api === true ? null : api,
    login: login === undefined ? null : parseAccount(login, 'jwt-dev doctor --api --login alice:alice'),
  };
}

/** The machine and the project as the checks see them. */
export function doctorWorld(
  options: Pick<DoctorOptions, 'browsers' | 'instance'>,
  context: Context,
  config: Config,
): Omit<DoctorWorld, 'api'> {
  const { env, platform, cwd, homeDir, paths, isRoot, owner, pid, run, now, self } = context;
  return {
    config,
    instance: instancePlace(options, context, config).name,
    env,
    platform,
    cwd,
    homeDir,
    paths,
    isRoot,
    owner,
    userId: platform === 'win32' ? null : (owner?.uid ?? callingUser()?.uid ?? null),
    pid,
    run,
    now,
    typed: self.typed,
    browsers: options.browsers === true,
    lookUp: lookUpLikePrograms,
    probe: probeOverNetwork,
    root: '/',
  };
}
