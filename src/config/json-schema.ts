import { z } from 'zod';
import { userConfigSchema } from './schema.ts';

/** The JSON Schema of jwt-dev.config.json, for editors: the same rules that `up` checks. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(userConfigSchema, { target: 'draft-7' });
  return { ...schema, title: 'jwt-dev.config.json' };
}
