import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openAuth } from '../../src/auth/open.ts';
import { describeFailure, replayContract } from '../contract/replay-contract.mjs';
import { CHEAP } from '../helpers/auth-api.ts';
import { portRoute, startProxy } from '../helpers/proxy-fixture.ts';

const contract = JSON.parse(
  readFileSync(new URL('../fixtures/contract.public.json', import.meta.url), 'utf8'),
) as { configs: Record<string, string> };

/** Our own TLS proxy, as it stands in front of the API in an environment. */
async function tlsProxy(port: number): Promise<{ base: string; close: () => Promise<void> }> {
  const proxy = await startProxy([portRoute('api.example.com', port)]);
  return { base: `https://127.0.0.1:${proxy.httpsPort}`, close: () => proxy.close() };
}

const WAYS = [
  ['directly', undefined],
  ['through the TLS proxy', tlsProxy],
] as const;

describe('the recorded answers of dj-rest-auth', () => {
  it.each(
    Object.keys(contract.configs).flatMap((config) => WAYS.map(([way, front]) => ({ config, way, front }))),
  )('are given step by step in strict mode, configuration $config, $way', async ({ config, front }) => {
    const options = { open: { passwordCost: CHEAP }, ...(front === undefined ? {} : { front }) };
    const results = await replayContract(openAuth, contract, config, options);
    const failures = results.filter(({ outcome }) => outcome === 'fail').map(describeFailure);
    // The one request for a host that is none of ours never reaches the API: the proxy answers it with 421.
    const own = front === undefined ? [] : [expect.stringMatching(/^host-more\/unknown-host .*actual 421/)];
    expect(failures).toEqual(own);
    expect(results.filter(({ outcome }) => outcome === 'pass').length).toBeGreaterThan(350);
  });
});
