import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openAuth } from '../../src/auth/open.ts';
import { describeFailure, replayContract } from '../contract/replay-contract.mjs';
import { CHEAP } from '../helpers/auth-api.ts';

const contract = JSON.parse(
  readFileSync(new URL('../fixtures/contract.public.json', import.meta.url), 'utf8'),
) as { configs: Record<string, string> };

describe('the recorded answers of dj-rest-auth', () => {
  it.each(Object.keys(contract.configs))(
    'are given step by step in strict mode, configuration %s',
    async (config) => {
      const results = await replayContract(openAuth, contract, config, { open: { passwordCost: CHEAP } });
      expect(results.filter(({ outcome }) => outcome === 'fail').map(describeFailure)).toEqual([]);
      expect(results.filter(({ outcome }) => outcome === 'pass').length).toBeGreaterThan(350);
    },
  );
});
