import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Context } from '../context.ts';
import { EXIT, errnoOf, JwtDevError, messageOf } from '../errors.ts';
import { formatDescribed } from '../verdicts/findings/format.ts';
import { guessSettings } from '../verdicts/har/guess-settings.ts';
import { type HarVerdict, judgeHar } from '../verdicts/har/judge-har.ts';
import { readHar } from '../verdicts/har/read-har.ts';
import type { HarReading } from '../verdicts/har/types.ts';
import { createWatch } from '../verdicts/watch/create-watch.ts';
import type { ExplainOptions } from './explain.ts';
import { fixesAsTyped } from './explain-act.ts';

const MEGABYTE = 1024 * 1024;
/** Parsed, a file takes about five times its size; recordings of a login have less than 10 MB. */
const FILE_LIMIT_BYTES = 200 * MEGABYTE;

type HarContext = Pick<Context, 'cwd' | 'output' | 'self'>;

/** Judges a recording and answers the exit code: 3 where an error was found. */
export async function explainHar(
  text: readonly string[],
  options: ExplainOptions,
  context: HarContext,
): Promise<number> {
  const { output, self } = context;
  const { frontend, api } = options;
  const file = harFile(text, options, context);
  for (const [flag, value] of Object.entries({ frontend, api })) checkUrl(flag, value);
  const reading = await loadHar(file);
  const settings = guessSettings(reading, {
    ...(frontend === undefined ? {} : { frontend }),
    ...(api === undefined ? {} : { api }),
  });
  if (settings === null) throw nobodyAsks(reading, file, self.typed);
  const verdict = judgeHar(reading, settings, createWatch(settings));
  const { apiExchanges } = verdict;
  const findings = verdict.findings.map((finding) => ({
    ...finding,
    fixes: fixesAsTyped(finding.fixes, self.typed),
  }));
  const notes = notesOn(reading, verdict, settings.apiOrigin, self.typed);
  for (const note of notes) output.warn(note);
  const { frontendOrigin, apiOrigin } = settings;
  const looked = `Looked at ${count(reading.exchanges.length, 'exchange')}, ${apiExchanges} of the API: page ${frontendOrigin}, API ${apiOrigin}.`;
  output.result(
    {
      kind: 'har',
      file,
      creator: reading.creator,
      frontend: frontendOrigin,
      api: apiOrigin,
      exchanges: reading.exchanges.length,
      apiExchanges,
      hasCookies: reading.hasCookies,
      notes,
      findings,
    },
    [
      ...findings.map(
        (finding) => `${formatDescribed(finding).join('\n')}\n  In: ${listed(finding.exchanges)}`,
      ),
      findings.length === 0 && verdict.unexplained.length === 0
        ? `${looked} Nothing is wrong with its cookies and CORS answers.`
        : looked,
    ].join('\n\n'),
  );
  return findings.some(({ severity }) => severity === 'error') ? EXIT.drift : EXIT.done;
}

function harFile(text: readonly string[], { har }: ExplainOptions, { cwd, self }: HarContext): string {
  if (har === undefined) {
    throw new JwtDevError('ERR_USAGE', '--frontend and --api belong to a recording', {
      hint: `Name it: ${self.typed} explain --har FILE`,
    });
  }
  if (text.length > 0) {
    throw new JwtDevError('ERR_USAGE', 'Either a text or --har can be explained, not both', {
      hint: `Leave the text out: ${self.typed} explain --har ${har}`,
    });
  }
  return path.resolve(cwd, har);
}

function checkUrl(flag: string, value: string | undefined): void {
  if (value === undefined || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) return;
  throw new JwtDevError('ERR_USAGE', `--${flag} is not a URL: ${value}`, {
    hint: `Write it with its scheme: --${flag} https://${flag === 'api' ? 'api.' : ''}example.com`,
  });
}

async function loadHar(file: string): Promise<HarReading> {
  const text = await readLimited(file);
  let value: unknown;
  try {
    // Safari and some tools begin with a byte order mark.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw unusable(file, [`It is no JSON: ${error.message}`], error);
  }
  const result = readHar(value);
  if (!result.ok) throw unusable(file, result.mistakes);
  return result.reading;
}

async function readLimited(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > FILE_LIMIT_BYTES) {
      throw new JwtDevError('ERR_FILE_READ', `${file} is larger than ${FILE_LIMIT_BYTES / MEGABYTE} MB`, {
        hint: 'Record again: clear the Network panel first, log in, then export. Bodies of videos and the like are not needed.',
      });
    }
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === undefined || error instanceof JwtDevError) throw error;
    throw new JwtDevError('ERR_FILE_READ', `Cannot read ${file}: ${messageOf(error)}`, {
      cause: error,
      hint: 'Export it from the developer tools: Network, "Export HAR" or "Save all as HAR".',
    });
  }
}

function unusable(file: string, details: readonly string[], cause?: unknown): JwtDevError {
  return new JwtDevError('ERR_FILE_READ', `${file} is not a usable HAR file`, {
    cause,
    details,
    hint: 'Export it anew from the developer tools: Network, "Export HAR" or "Save all as HAR".',
  });
}

function nobodyAsks(reading: HarReading, file: string, typed: string): JwtDevError {
  return new JwtDevError(
    'ERR_USAGE',
    `In ${count(reading.exchanges.length, 'exchange')} of the file no page asks a server of another origin, so page and API cannot be told`,
    {
      hint: `Name them: ${typed} explain --har ${file} --frontend https://example.com --api https://api.example.com`,
    },
  );
}

function notesOn(
  { hasCookies, exchanges }: HarReading,
  { apiExchanges, unexplained }: HarVerdict,
  api: string,
  typed: string,
): readonly string[] {
  return [
    ...(hasCookies || exchanges.length === 0
      ? []
      : [
          'The file has no Cookie and no Set-Cookie headers: Chromium leaves them out, so little can be said about cookies. Export again with sensitive data (DevTools settings, Preferences, Network: allow to generate HAR with sensitive data).',
        ]),
    ...(unexplained[0] === undefined
      ? []
      : [
          `${count(unexplained.length, 'request')} failed in the browser and left no answer in the file: ${unexplained[0].exchange.id} (${unexplained[0].text})${unexplained.length > 1 ? ' and others' : ''}. Mostly that is CORS; the line in the console says which check: ${typed} explain "…"`,
        ]),
    ...(apiExchanges === 0
      ? [
          `None of the exchanges goes to ${api}: is that the API? Say it with ${typed} explain --har FILE --api URL`,
        ]
      : []),
  ];
}

const ENTRIES_SHOWN = 5;

function listed(entries: readonly string[]): string {
  const more = entries.length - ENTRIES_SHOWN;
  return `${entries.slice(0, ENTRIES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
