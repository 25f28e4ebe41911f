import { expect, test } from 'vitest';
import { configJsonSchema } from '../../../src/config/json-schema.ts';

// `npx vitest run --project unit -u` writes it anew after the schema has changed.
test('the published JSON Schema is that of the code', async () => {
  await expect(`${JSON.stringify(configJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../../templates/config.schema.json',
  );
});
