import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import type { InstancePlace } from '../control/instance.ts';
import { CLIENT_IDS } from '../environment/verify/types.ts';
import { JwtDevError } from '../errors.ts';
import { readyInstance } from './instance.ts';
import { verifyRecord } from './verify-act.ts';
import { formatVerify } from './verify-report.ts';

/**
 * `up --verify`: the same as `verify`, once the environment is ready. With `--json` it is one line.
 * @param isCommand stdout belongs to the command behind `--`.
 * @param onStopSignal whoever wants the environment stopped does not want to wait for this.
 * @returns whether everything is fine.
 * @throws JwtDevError ERR_INTERRUPTED
 */
export async function verifyEnvironment(
  place: InstancePlace,
  {
    isCommand,
    onStopSignal,
  }: { readonly isCommand: boolean; readonly onStopSignal: Context['onStopSignal'] },
  context: Context,
  config: Config,
): Promise<boolean> {
  const { output } = context;
  const record = await readyInstance(place, context);
  try {
    const report = await verifyRecord(record, { clients: CLIENT_IDS }, { ...context, onStopSignal }, config);
    const text = formatVerify(report, context);
    if (isCommand && !output.json) output.info(text);
    else output.event({ event: 'verified', ...report }, text);
    return report.ok;
  } catch (error) {
    // Nobody can log in without an account: no reason to end what runs.
    if (!(error instanceof JwtDevError) || error.code !== 'ERR_USAGE') throw error;
    output.warn([error.message, error.hint].filter((text) => text !== undefined).join('\n'));
    return false;
  }
}
