import { JwtDevError } from '../errors.ts';

export const ENV_FORMATS = ['sh', 'fish', 'powershell', 'github', 'dotenv', 'json'] as const;
export type EnvFormat = (typeof ENV_FORMATS)[number];

/** null: to be unset. */
type Variables = Readonly<Record<string, string | null>>;

/**
 * What stays out of GitHub Actions' environment file, which every later step and action of the job gets: NODE_OPTIONS
 * is refused (actions/runner#2775), and behind our forward proxy an action would reach nothing but our names.
 */
const NOT_FOR_GITHUB: ReadonlySet<string> = new Set([
  'NODE_OPTIONS',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'no_proxy',
]);

/**
 * The variables as text that sets them when it is evaluated in a shell, or read by a program. Every value comes out as it
 * went in, whatever is in it.
 * @throws JwtDevError ERR_USAGE where a value cannot be written in that format
 */
export function formatVariables(variables: Variables, format: EnvFormat): string {
  if (format === 'json') return `${JSON.stringify(variables, null, 2)}\n`;
  const line = LINES[format];
  return Object.entries(variables)
    .map(([name, value]) => line(name, value))
    .join('');
}

/** What a format cannot say, for whoever reads it. */
export function formatNotes(variables: Variables, format: EnvFormat, typed: string): readonly string[] {
  const leftOut = Object.keys(variables).filter((name) => NOT_FOR_GITHUB.has(name));
  if (format !== 'github' || leftOut.length === 0) return [];
  return [
    `Left out, as every later step of the job would get it: ${leftOut.join(', ')}. Run what needs it with: ${typed} exec -- node …`,
  ];
}

/** The format of a shell, by the path of its program; undefined: none is known, as under Windows' own shells. */
export function formatOfShell(shell: string | undefined, platform: NodeJS.Platform): EnvFormat {
  const name = /([^/\\]*?)(?:\.exe)?$/i.exec(shell ?? '')?.[1]?.toLowerCase() ?? '';
  if (name === 'fish') return 'fish';
  if (name === 'pwsh' || name === 'powershell') return 'powershell';
  return name === '' && platform === 'win32' ? 'powershell' : 'sh';
}

type Line = (name: string, value: string | null) => string;

const LINES: Readonly<Record<Exclude<EnvFormat, 'json'>, Line>> = {
  // POSIX, 2.2.2: between single quotes every character stands for itself, but for the quote.
  sh: (name, value) =>
    value === null ? `unset ${name}\n` : `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`,
  // fishshell.com, "Quotes": between single quotes only \' and \\ are escapes.
  fish: (name, value) =>
    value === null
      ? `set -e ${name}\n`
      : `set -gx ${name} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}'\n`,
  // PowerShell takes typographic quotes for plain ones; doubled, each stands for itself (about_Quoting_Rules).
  powershell: (name, value) =>
    value === null
      ? `Remove-Item Env:${name} -ErrorAction SilentlyContinue\n`
      : `$env:${name} = '${value.replaceAll(/['‘’‚‛]/g, '$&$&')}'\n`,
  github: githubLine,
  dotenv: dotenvLine,
};

/** docs.github.com, "Workflow commands": one line, or several between delimiters that occur in no line of the value. */
function githubLine(name: string, value: string | null): string {
  if (NOT_FOR_GITHUB.has(name)) return '';
  const text = value ?? '';
  if (!/[\r\n]/.test(text)) return `${name}=${text}\n`;
  const lines = text.split(/\r?\n|\r/);
  let delimiter = 'JWT_DEV_END';
  while (lines.includes(delimiter)) delimiter += '_';
  return `${name}<<${delimiter}\n${text}\n${delimiter}\n`;
}

/**
 * As the dotenv package reads it: a quoted value is taken literally and knows no escape for its own quote, except that
 * double quotes make \n and \r of those two characters; carriage returns outside of them become line feeds.
 */
function dotenvLine(name: string, value: string | null): string {
  const text = value ?? '';
  if (/^[\w@%+:,./-]+$/.test(text)) return `${name}=${text}\n`;
  // A backslash before the closing quote would keep it from closing.
  const fits = (quote: string): boolean => !text.includes(quote) && !text.endsWith('\\');
  const literal = ["'", '`'].find(fits);
  if (literal !== undefined && !text.includes('\r')) return `${name}=${literal}${text}${literal}\n`;
  if (fits('"') && !/\\[nr]/.test(text)) {
    return `${name}="${text.replaceAll('\r', String.raw`\r`)}"\n`;
  }
  if (!/[#\r\n]/.test(text) && !/^\s|\s$|^['"`]/.test(text)) return `${name}=${text}\n`;
  throw new JwtDevError('ERR_USAGE', `The value of ${name} cannot be written in the dotenv format: ${text}`, {
    hint: 'Choose another one, such as: jwt-dev env --format json',
  });
}
