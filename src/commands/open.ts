import type { Command } from 'commander';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';
import { INSTANCE_FLAG, INSTANCE_HELP, type InstanceOptions } from './instance-option.ts';
import type { Reachable } from './open-act.ts';

export interface OpenCommandOptions extends InstanceOptions {
  readonly inspector?: true;
  readonly browser?: string;
  readonly proxy?: string;
}

export function registerOpen(program: Command, act: ActionRunner): void {
  program
    .command('open')
    .description('open a browser whose own profile trusts the CA and finds the names; nothing else changes')
    .argument('[url]', 'where to (default: the frontend)')
    .argument('[args...]', 'after "--": arguments for the browser')
    .option('--inspector', 'open the inspector: exchanges, cookies, tokens, mails and users, as they happen')
    .option('--browser <which>', '"chromium", "firefox" or a program (default: whichever is installed)')
    .option('--proxy <url>', 'forward proxy of a rootless environment (default: that of the running one)')
    .option(INSTANCE_FLAG, INSTANCE_HELP)
    .addHelpText(
      'before',
      examples([
        ['jwt-dev open', 'the frontend, in a browser with a profile of its own'],
        ['jwt-dev open --browser firefox', 'the same in Firefox'],
        ['jwt-dev open https://api.example.com', 'another page'],
        ['jwt-dev open --inspector', 'what passes through the environment'],
        ['jwt-dev open -- --headless --remote-debugging-port=9222', 'with arguments for the browser'],
      ]),
    )
    .action((url: string | undefined, args: readonly string[], options: OpenCommandOptions) =>
      act(async (context, loadConfig) => runOpen([url, args], options, context, await loadConfig())),
    );
}

/** Opens the browser and answers the exit code; the browser stays. */
export async function runOpen(
  [first, rest]: readonly [string | undefined, readonly string[]],
  options: OpenCommandOptions,
  context: Context,
  config: Config,
): Promise<number> {
  // A desktop's browser belongs to whoever sits in front of it.
  context.dropPrivileges?.();
  const environment = await findEnvironment(options, context, config);
  // Of `open -- --headless` the first argument is the browser's already.
  const isUrl = first !== undefined && !first.startsWith('-');
  const target =
    options.inspector === true ? inspectorOf(environment, isUrl) : frontendOr(environment, first);
  const { openProjectBrowser } = await import('./open-act.ts');
  const opened = await openProjectBrowser(
    {
      ...target,
      environment,
      browser: options.browser,
      extraArgs: isUrl || first === undefined ? rest : [first, ...rest],
    },
    config,
    context,
  );
  const { browser, pid, logFile } = opened;
  const url = target.hidesUrl ? new URL('/', target.url).href : target.url;
  context.output.result(
    { url, browser: browser.kind, file: browser.file, pid, logFile },
    `${url} in ${browser.file} (process ${pid})`,
  );
  return EXIT.done;
}

interface Target {
  readonly url: string;
  readonly hidesUrl: boolean;
}

function frontendOr({ frontend }: Found, first: string | undefined): Target {
  const url = first === undefined || first.startsWith('-') ? frontend : first;
  if (URL.canParse(url)) return { url, hidesUrl: false };
  throw new JwtDevError('ERR_USAGE', `"${url}" is not a URL`, {
    hint: `Write it in full: jwt-dev open ${frontend}`,
  });
}

function inspectorOf({ inspector }: Found, isUrl: boolean): Target {
  if (isUrl) {
    throw new JwtDevError('ERR_USAGE', '--inspector is a page of its own; it takes no URL', {
      hint: 'Leave one of the two out.',
    });
  }
  if (inspector !== null) return { url: inspector, hidesUrl: true };
  throw new JwtDevError('ERR_USAGE', 'The inspector is switched off, or its environment is not known', {
    hint: 'Set "inspector": { "enabled": true } in the configuration, and leave out --proxy.',
  });
}

interface Found extends Reachable {
  readonly frontend: string;
  /** null: it is switched off, or not known. */
  readonly inspector: string | null;
}

async function findEnvironment(
  options: OpenCommandOptions,
  context: Context,
  config: Config,
): Promise<Found> {
  if (options.proxy === undefined) {
    const { instancePlace, readyInstance } = await import('./instance.ts');
    return (await readyInstance(instancePlace(options, context, config), context)).facts;
  }
  const { originOf } = await import('../environment/urls.ts');
  const frontend = originOf(config.frontend.hostname, 443);
  return { proxy: checkedProxy(options.proxy), httpsPort: 443, httpPort: null, frontend, inspector: null };
}

function checkedProxy(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && url.port !== '') return url.origin;
  throw new JwtDevError('ERR_USAGE', `--proxy: "${text}" is not the URL of a forward proxy`, {
    hint: 'Take it from the ready line of: jwt-dev up --rootless (such as http://127.0.0.1:5198)',
  });
}
