import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { DEFAULT_INSTANCE, type InstancePlace, readInstance } from '../control/instance.ts';
import type { InstanceFacts, InstanceRecord } from '../control/types.ts';
import { JwtDevError } from '../errors.ts';
import type { InstanceOptions } from './instance-option.ts';

/** Which environment is meant: the flag, else JWT_DEV_INSTANCE, else the default one. @throws JwtDevError ERR_USAGE */
export function instancePlace(
  options: InstanceOptions,
  context: Pick<Context, 'env'>,
  config: Pick<Config, 'stateDir'>,
): InstancePlace {
  const name = options.instance ?? (context.env['JWT_DEV_INSTANCE'] || DEFAULT_INSTANCE);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(name)) {
    throw new JwtDevError('ERR_USAGE', `"${name}" cannot be the name of an environment`, {
      hint: 'Use up to 40 letters, digits, dots, dashes and underscores, such as: --instance tests',
    });
  }
  return { stateDir: config.stateDir, name };
}

/** An environment that is ready. @throws JwtDevError ERR_NOT_RUNNING */
export async function readyInstance(
  place: InstancePlace,
  context: Pick<Context, 'self'>,
): Promise<InstanceRecord & { readonly facts: InstanceFacts }> {
  const instance = await readInstance(place);
  const flag = place.name === DEFAULT_INSTANCE ? '' : ` --instance ${place.name}`;
  if (instance.kind !== 'running') {
    throw new JwtDevError('ERR_NOT_RUNNING', `${called(place)} does not run`, {
      hint: `Start it with: ${context.self.typed} up --detach${flag}`,
    });
  }
  const { record } = instance;
  if (record.facts === null) {
    throw new JwtDevError(
      'ERR_NOT_RUNNING',
      `${called(place)} is still starting (process ${record.process.pid})`,
      {
        hint: `Wait for it with: ${context.self.typed} wait${flag}`,
      },
    );
  }
  return { ...record, facts: record.facts };
}

/** The environment's name in a sentence; most people have one and never named it. */
export function called({ name }: Pick<InstancePlace, 'name'>): string {
  return name === DEFAULT_INSTANCE ? 'The environment' : `The environment "${name}"`;
}
