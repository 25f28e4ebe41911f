#!/usr/bin/env node
// npm run contract -- FILE…: replays contract files against the built API, every configuration of each.
// Prints failing steps, and last "N passed, M failed". Exit status 0: nothing failed and something passed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { closeAgents } from '../fixtures/replay.mjs';
import { describeFailure, replayContract } from './replay-contract.mjs';

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    dist: { type: 'string', default: path.join(import.meta.dirname, '..', '..', 'dist') },
    scenario: { type: 'string' },
    config: { type: 'string' },
    strict: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
});
if (files.length === 0) {
  process.stderr.write('usage: npm run contract -- FILE… [--config NAME] [--scenario REGEX]\n');
  process.exit(2);
}
const { openAuth } = await import(pathToFileURL(path.resolve(values.dist, 'auth', 'open.js')).href);

const totals = { pass: 0, fail: 0, skip: 0 };
for (const file of files) {
  const contract = JSON.parse(readFileSync(file, 'utf8'));
  for (const config of Object.keys(contract.configs)) {
    if (values.config !== undefined && values.config !== config) continue;
    const { scenario, strict, all } = values;
    const results = await replayContract(openAuth, contract, config, { replay: { scenario, strict, all } });
    for (const result of results) {
      totals[result.outcome] += 1;
      if (result.outcome === 'fail') print(`FAIL [${config}] ${describeFailure(result)}`);
    }
  }
}
closeAgents();
if (totals.skip > 0) print(`${totals.skip} skipped`);
print(`${totals.pass} passed, ${totals.fail} failed`);
process.exitCode = totals.fail === 0 && totals.pass > 0 ? 0 : 1;

function print(line) {
  process.stdout.write(`${line}\n`);
}
