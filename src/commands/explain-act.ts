import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { explain } from '../verdicts/explain/explain.ts';
import type { Explanation } from '../verdicts/explain/types.ts';
import { formatReasons, indent } from '../verdicts/findings/format.ts';
import type { Fix } from '../verdicts/findings/types.ts';

/** A log of that size has everything in it that somebody will read about. */
const TEXT_LIMIT_BYTES = 1024 * 1024;

/** Explains a text, or what is piped in, and answers the exit code: 3 where nothing of it is known. */
export async function explainText(
  words: readonly string[],
  context: Pick<Context, 'input' | 'output' | 'self'>,
): Promise<number> {
  const { output, self } = context;
  const text = words.length > 0 ? words.join(' ') : await readText(context);
  if (Buffer.byteLength(text) > TEXT_LIMIT_BYTES) throw tooLarge();
  if (text.trim() === '') throw nothingGiven(self.typed);
  const explanations = explain(text).map((explanation) => ({
    ...explanation,
    cause: asTyped(explanation.cause, self.typed),
    fixes: fixesAsTyped(explanation.fixes, self.typed),
  }));
  const isKnown = explanations.length > 0;
  output.result(
    { kind: 'text', known: isKnown, explanations },
    explanations.map((explanation) => formatExplanation(explanation, output)).join('\n\n'),
  );
  if (isKnown) return EXIT.done;
  output.info(
    [
      'This text is not one of those that jwt-dev knows.',
      'Paste the whole line, as the console shows it, in quotes: the part behind "blocked by CORS policy:" matters most.',
      `Look at the environment: ${self.typed} doctor`,
      `Or record the page with the developer tools (Network, export as HAR): ${self.typed} explain --har FILE`,
    ].join('\n'),
  );
  return EXIT.drift;
}

/** Fixes with the program as the user calls it. */
export function fixesAsTyped(fixes: readonly Fix[], typed: string): readonly Fix[] {
  return fixes.map(({ place, text }) => ({ place, text: asTyped(text, typed) }));
}

/** `npx jwt-dev trust` for `jwt-dev trust`. */
function asTyped(text: string, typed: string): string {
  return text.replaceAll(/(?<![\w-])jwt-dev (?=[a-z])/g, () => `${typed} `);
}

async function readText({ input, self }: Pick<Context, 'input' | 'self'>): Promise<string> {
  if (input.isTerminal) throw nothingGiven(self.typed);
  const bytes = await input.read(TEXT_LIMIT_BYTES);
  if (bytes === null) throw tooLarge();
  return bytes.toString('utf8');
}

function nothingGiven(typed: string): JwtDevError {
  return new JwtDevError('ERR_USAGE', 'There is no text to explain', {
    hint: `Paste a line of the browser’s console or of the terminal, in quotes: ${typed} explain "net::ERR_CERT_AUTHORITY_INVALID". Or pipe a log into it.`,
  });
}

function tooLarge(): JwtDevError {
  return new JwtDevError('ERR_USAGE', 'The text is larger than 1 MB', {
    hint: 'Give it the part with the error only: tail -n 200 FILE | jwt-dev explain',
  });
}

function formatExplanation(
  explanation: Explanation,
  { style }: { readonly style: Context['output']['style'] },
): string {
  const { code, title, matched, count, reason, cause, fixes } = explanation;
  const head = code === null ? title : `${code} ${title}`;
  const times = count === 1 ? '' : `  (${count} times)`;
  const name = reason === null || matched.includes(reason) ? [] : [`Chromium’s name for it: ${reason}`];
  return [
    `${style('bold', head)}${times}`,
    ...indent([shorten(matched), ...name]),
    ...formatReasons({ cause, fixes }),
  ].join('\n');
}

function shorten(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}
