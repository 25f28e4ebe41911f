#!/usr/bin/env node
/**
 * Holds the verdict engine against files of what a real browser did: `npm run oracle -- FILE… [--json]`.
 * Without `--json`: agreement per class, every disagreement, and last `agreement: N of M (P %)`.
 * With it: only the predictions, one JSON object a line. Exit 0 in agreement, 1 with disagreements, 2 if a file
 * cannot be judged.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { gunzipSync } from 'node:zlib';

const HALVES = {
  'browser-oracle/cookies@1': './cookies.mjs',
  'browser-oracle/cors@1': './cors.mjs',
};

class Unusable extends Error {}

function readCases(file) {
  try {
    const bytes = readFileSync(file);
    return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
  } catch (error) {
    throw new Unusable(`${file} cannot be read as JSON: ${error.message}`);
  }
}

async function load(file) {
  const { cases, ...head } = readCases(file);
  const half = HALVES[head.schema];
  if (half === undefined || !Array.isArray(cases)) {
    throw new Unusable(
      `${file} has the schema ${head.schema}; known are ${Object.keys(HALVES).join(' and ')}.`,
    );
  }
  return { head, cases, half: await import(half) };
}

const percent = (part, whole) => (whole === 0 ? 100 : Math.floor((part / whole) * 10_000) / 100);

const write = (text) => process.stdout.write(`${text}\n`);

/** `differences` are fields of one case; a case agrees if there are none. */
function report(results) {
  const classes = new Map();
  for (const { item, differences } of results) {
    const tally = classes.get(item.class) ?? { agreed: 0, all: 0 };
    tally.all += 1;
    if (differences.length === 0) tally.agreed += 1;
    classes.set(item.class, tally);
  }
  for (const [name, { agreed, all }] of [...classes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    write(`${agreed === all ? '  ' : '! '}${name}: ${agreed} of ${all}`);
  }
  for (const { item, differences } of results) {
    for (const { field, predicted, expected } of differences) {
      write(
        `${item.id} ${field}: predicted ${JSON.stringify(predicted)}, expected ${JSON.stringify(expected)}`,
      );
    }
  }
  const agreed = results.filter(({ differences }) => differences.length === 0).length;
  write(`agreement: ${agreed} of ${results.length} (${percent(agreed, results.length)} %)`);
  return agreed === results.length;
}

async function main(args) {
  const json = args.includes('--json');
  const files = args.filter((argument) => argument !== '--json');
  if (files.length === 0 || files.some((file) => file.startsWith('-'))) {
    throw new Unusable('usage: npm run oracle -- FILE… [--json]');
  }
  const loaded = [];
  for (const file of files) loaded.push(await load(file));
  const results = loaded.flatMap(({ head, cases, half }) =>
    cases.map((item) => {
      const prediction = half.predict(item, head);
      if (json) write(JSON.stringify(prediction));
      return { item, differences: json || item.expect === undefined ? [] : half.compare(item, prediction) };
    }),
  );
  return json || report(results) ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Unusable)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
