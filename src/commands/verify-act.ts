import { nearest } from '../config/nearest.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import type { InstanceFacts, InstanceRecord } from '../control/types.ts';
import { runVerify } from '../environment/verify/run-verify.ts';
import { CLIENT_IDS, type ClientId, type VerifyReport } from '../environment/verify/types.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { doctorWorld } from './doctor-act.ts';
import { fixesAsTyped } from './explain-act.ts';
import { instancePlace, readyInstance } from './instance.ts';
import { parseAccount } from './login-option.ts';
import type { VerifyOptions } from './verify.ts';
import { formatProgress, formatVerify } from './verify-report.ts';

interface Wish extends Omit<VerifyOptions, 'client'> {
  readonly clients: readonly ClientId[];
}

type ReadyRecord = InstanceRecord & { readonly facts: InstanceFacts };

/** Verifies the running environment and answers the exit code: 3 where something fails. @throws JwtDevError ERR_NOT_RUNNING, ERR_USAGE */
export async function verifyInstance(wish: Wish, context: Context, config: Config): Promise<number> {
  // What belongs to a home, as browsers' profiles do, is the user's.
  context.dropPrivileges?.();
  const record = await readyInstance(instancePlace(wish, context, config), context);
  const report = await verifyRecord(record, wish, context, config);
  context.output.result(report, formatVerify(report, context));
  return report.ok ? EXIT.done : EXIT.drift;
}

/** One run against an environment that is ready; every client that is still there ends with a stop signal. */
export async function verifyRecord(
  record: ReadyRecord,
  wish: Wish,
  context: Context,
  config: Config,
): Promise<VerifyReport> {
  const { env, platform, homeDir, isRoot, owner, pid, run, now, output } = context;
  const given = new AbortController();
  const forget = context.onStopSignal(() => given.abort());
  try {
    const report = await runVerify(
      {
        clients: wish.clients,
        login:
          wish.login === undefined
            ? null
            : parseAccount(wish.login, `Write it as in: ${context.self.typed} verify --login alice:alice`),
        systemTrust: wish.systemTrust === true,
      },
      {
        world: {
          config,
          secret: record.secret,
          env,
          platform,
          homeDir,
          isRoot,
          owner,
          pid,
          run,
          now,
          signal: given.signal,
        },
        // Commands are put as the user types them once all findings are there.
        doctor: { ...doctorWorld({ instance: record.name }, context, config), api: null, typed: 'jwt-dev' },
        record,
        typed: context.self.typed,
        onClient: (outcome) => {
          if (context.interactive && !output.json) output.info(formatProgress(outcome));
        },
      },
    );
    const { typed } = context.self;
    const findings = report.findings.map((finding) => ({
      ...finding,
      fixes: fixesAsTyped(finding.fixes, typed),
    }));
    return { ...report, findings };
  } finally {
    forget();
  }
}

/** What people call the programs that have other names here. */
const OTHER_NAMES: Readonly<Record<string, ClientId>> = {
  chrome: 'chromium',
  'google-chrome': 'chromium',
  edge: 'chromium',
  nodejs: 'node',
};

/** The client that was meant, most likely: by another name, by its beginning, or misspelt. */
function meantClient(name: string): ClientId | undefined {
  const written = name.toLowerCase();
  return (
    OTHER_NAMES[written] ?? CLIENT_IDS.find((id) => id.startsWith(written)) ?? nearest(written, CLIENT_IDS)
  );
}

/** The clients that `--client` names; all without it. @throws JwtDevError ERR_USAGE, with the nearest name. */
export function parseClients(wanted: readonly string[] | undefined): readonly ClientId[] {
  if (wanted === undefined) return CLIENT_IDS;
  const names = wanted.flatMap((list) => list.split(/[\s,]+/)).filter((name) => name !== '');
  const chosen = names.map((name) => {
    const known = CLIENT_IDS.find((id) => id === name.toLowerCase());
    if (known !== undefined) return known;
    const meant = meantClient(name);
    throw new JwtDevError('ERR_USAGE', `--client: there is no client "${name}"`, {
      hint: meant === undefined ? `The clients are: ${CLIENT_IDS.join(', ')}` : `Did you mean ${meant}?`,
    });
  });
  if (chosen.length > 0) return CLIENT_IDS.filter((id) => chosen.includes(id));
  throw new JwtDevError('ERR_USAGE', '--client names no client', {
    hint: `The clients are: ${CLIENT_IDS.join(', ')}`,
  });
}
