import type { Command } from 'commander';
import { type ActionRunner, examples } from './command.ts';

export interface ExplainOptions {
  readonly har?: string;
  readonly frontend?: string;
  readonly api?: string;
}

export function registerExplain(program: Command, act: ActionRunner): void {
  program
    .command('explain')
    .description(
      'say what an error of a browser, a client or a server means, and what to do; needs no network',
    )
    .argument('[text...]', 'what the console or the terminal said, in quotes (default: what is piped in)')
    .option('--har <file>', 'judge a recording of the developer tools instead (HAR, from any browser)')
    .option('--frontend <url>', 'with --har: where the page is (default: guessed)')
    .option('--api <url>', 'with --har: where the API is (default: guessed)')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev explain "net::ERR_CERT_AUTHORITY_INVALID"', 'cause and fix'],
        ['jwt-dev explain JD102', 'a finding of the terminal or of status'],
        ['npm test 2>&1 | jwt-dev explain', 'every error in a log that is known'],
        ['jwt-dev explain --har example.com.har', 'why each cookie and each CORS answer was refused'],
      ]),
    )
    .action((text: readonly string[], options: ExplainOptions) =>
      act(async (context) => {
        if (options.har !== undefined || options.frontend !== undefined || options.api !== undefined) {
          const { explainHar } = await import('./explain-har.ts');
          return explainHar(text, options, context);
        }
        const { explainText } = await import('./explain-act.ts');
        return explainText(text, context);
      }),
    );
}
