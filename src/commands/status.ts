import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import type { Health, InstanceRecord } from '../control/types.ts';
import { EXIT } from '../errors.ts';
import type { DescribedFinding } from '../verdicts/findings/format.ts';
import { type ActionRunner, examples } from './command.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';

export function registerStatus(program: Command, act: ActionRunner): void {
  program
    .command('status')
    .description('say whether the environment runs and answers; exit 3 if not')
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .addHelpText(
      'before',
      examples([
        ['jwt-dev status', 'what runs, and whether it answers'],
        ['jwt-dev status --json', 'the same fields as the ready line, and the health'],
      ]),
    )
    .action((options: InstanceOptions) =>
      act(async (context, loadConfig) => runStatus(options, context, await loadConfig())),
    );
}

/** There is nothing to wait for but what still has to be looked at. */
const FINDINGS_TIMEOUT_MS = 5_000;

/** Asks the environment how it is. 0: it runs and everything answers; 3: it does not. */
export async function runStatus(
  options: InstanceOptions,
  context: Pick<Context, 'env' | 'output' | 'self'>,
  config: Config,
): Promise<number> {
  const { called, instancePlace } = await import('./instance.ts');
  const { readInstance } = await import('../control/instance.ts');
  const { formatHead } = await import('../verdicts/findings/format.ts');
  const { askControl, askHealth } = await import('../control/client.ts');
  const place = instancePlace(options, context, config);
  const instance = await readInstance(place);
  if (instance.kind !== 'running') {
    context.output.result(
      { running: false, instance: place.name },
      `${called(place)} does not run. Start it with: ${context.self.typed} up`,
    );
    return EXIT.drift;
  }
  const { record } = instance;
  const health = await askHealth(record);
  const reply = await askControl(record, {
    method: 'GET',
    path: '/findings',
    timeoutMs: FINDINGS_TIMEOUT_MS,
  });
  const findings =
    reply?.status === 200
      ? (reply.body as { readonly findings: readonly DescribedFinding[] }).findings
      : undefined;
  const { facts, startedAt, logFile } = record;
  context.output.result(
    {
      running: true,
      instance: place.name,
      ...(facts ?? { pid: record.process.pid }),
      startedAt: new Date(startedAt).toISOString(),
      logFile,
      health: health ?? null,
      findings: findings ?? null,
    },
    formatStatus(record, health, findings?.map(formatHead) ?? []),
  );
  return health?.ok === true ? EXIT.done : EXIT.drift;
}

function formatStatus(
  { process, facts, logFile, startedAt }: InstanceRecord,
  health: Health | undefined,
  findings: readonly string[],
): string {
  const state =
    facts === null
      ? 'starting'
      : health === undefined
        ? 'it does not answer'
        : health.ok
          ? 'healthy'
          : 'not healthy';
  const rows: readonly (readonly [label: string, value: string])[] = [
    ['State', `${state}, process ${process.pid} since ${new Date(startedAt).toISOString()}`],
    ...(facts === null
      ? []
      : ([
          ['Frontend', facts.frontend],
          ['API', facts.api],
          ...(facts.proxy === null ? [] : [['Proxy', facts.proxy] as const]),
          ['Control', facts.control],
          ...(facts.inspector === null ? [] : [['Inspector', facts.inspector] as const]),
          ['CA', facts.caFile],
        ] as const)),
    ...(logFile === null ? [] : [['Log', logFile] as const]),
    ...(health?.checks
      .filter(({ ok }) => !ok)
      .map(({ name, detail }) => ['Failing', `${name}: ${detail}`] as const) ?? []),
    ...findings.map((finding) => ['Finding', finding] as const),
  ];
  return rows.map(([label, value]) => `${label.padEnd(9)}  ${value}`).join('\n');
}
