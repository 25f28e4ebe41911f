import { z } from 'zod';
import { outbox, users } from './accounts.ts';
import { certs, trust, untrust } from './certificates.ts';
import { down, env, logs, open, status, up, wait } from './environment.ts';
import { errorAnswer, help } from './error.ts';
import { explained } from './explain.ts';
import { hosts } from './hosts.ts';
import { clean, completion, doctor, exported, init } from './project.ts';
import { verify } from './verify.ts';

/**
 * What each command prints with `--json` where it succeeds; for `up` and `logs` each line of it. `error` is what any of
 * them prints where it fails, `help` what it prints for `--help`.
 */
export const OUTPUT_SCHEMAS = {
  certs,
  clean,
  completion,
  doctor,
  down,
  env,
  error: errorAnswer,
  explain: explained,
  export: exported,
  help,
  hosts,
  init,
  logs,
  open,
  outbox,
  status,
  trust,
  untrust,
  up,
  users,
  verify,
  wait,
} as const satisfies Record<string, z.ZodType>;

export type OutputName = keyof typeof OUTPUT_SCHEMAS;

/** The JSON Schema (2020-12) of an output: what is published as `jwt-dev/schemas/<name>.schema.json`. */
export function outputJsonSchema(name: OutputName): object {
  const title = name === 'error' || name === 'help' ? `jwt-dev --json: ${name}` : `jwt-dev ${name} --json`;
  return { ...z.toJSONSchema(OUTPUT_SCHEMAS[name], { target: 'draft-2020-12' }), title };
}
