import http from 'node:http';
import os from 'node:os';
import process from 'node:process';
import { diffLine, prepare, Runner } from '../fixtures/replay.mjs';
import { contractConfig } from './configurations.mjs';
import { startHooks } from './hooks.mjs';

/**
 * Replays a contract against a fresh instance of the API in one configuration.
 * `openAuth`: the API's opener; `options.replay`: what the replayer's command line would set; `options.front`: puts
 * something in front of the API's port and answers `{ base, close }`.
 * Answers the replayer's results, one for each counted step.
 */
export async function replayContract(openAuth, contract, config, options = {}) {
  const auth = await openAuth({
    config: contractConfig(config),
    stateDir: os.tmpdir(),
    owner: null,
    allowedOrigins: ['https://example.com'],
    frontendOrigin: 'https://example.com',
    allowedHosts: [contract.adapter.host],
    env: { CONTRACT_SIGNING_KEY: contract.adapter.vars.signing_key },
    now: () => new Date(),
    // What nobody expected is a 500, and so a failing step; its cause belongs beside it.
    onError: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
    ...options.open,
  });
  const hooks = await startHooks(auth.store);
  const server = http.createServer(auth.app);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const front = await options.front?.(server.address().port);
  try {
    const run = {
      skipTag: [],
      onlyTag: [],
      vars: {},
      timeout: 15_000,
      strict: false,
      all: false,
      ...options.replay,
      base: front?.base ?? `http://127.0.0.1:${server.address().port}`,
      config,
      hooks: { mail: { url: `${hooks.url}/mail?to={to}` }, admin: { url: `${hooks.url}/admin` } },
    };
    return await new Runner(contract, prepare(structuredClone(contract), run)).all();
  } finally {
    await front?.close();
    await new Promise((resolve) => server.close(resolve).closeAllConnections());
    await hooks.close();
    await auth.close();
  }
}

/** One line about a step that failed: what was asked, and each difference. */
export function describeFailure({ scenario, step, request, diffs }) {
  const what = request === undefined ? '' : `${request.method} ${request.path.slice(0, 80)}`;
  return `${scenario}/${step} ${what} | ${diffs.map(diffLine).join(' | ').replaceAll(/\r?\n/g, ' ')}`;
}
