import type { Command } from 'commander';
import type { Mail, MailType } from '../auth/store/types.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT, JwtDevError } from '../errors.ts';
import { type ActionRunner, examples } from './command.ts';

export interface OutboxOptions {
  readonly to?: string;
  readonly type?: MailType;
  readonly wait?: string;
  readonly last?: boolean;
  readonly link?: boolean;
  readonly clear?: boolean;
}

export function registerOutbox(program: Command, act: ActionRunner): void {
  program
    .command('outbox')
    .description('show the mails that the auth API would have sent')
    .option('--to <address>', 'only those to an address')
    .addOption(
      program
        .createOption('--type <type>', 'only those of a type')
        .choices(['confirm-email', 'reset-password'] satisfies MailType[]),
    )
    .option('--wait <time>', 'wait for one that long, such as 5s or 500ms; exit 6 if none comes')
    .option('--last', 'only the newest one')
    .option('--link', 'print the links and nothing else')
    .option('--clear', 'remove all of them')
    .addHelpText(
      'before',
      examples([
        ['jwt-dev outbox', 'all mails, oldest first'],
        ['jwt-dev outbox --to ann@example.com --last', 'the newest one to an address'],
        [
          'jwt-dev outbox --type reset-password --wait 5s --last --link',
          "a reset link, for a test's next step",
        ],
      ]),
    )
    .action((options: OutboxOptions) =>
      act(async (context, loadConfig) => runOutbox(options, context, await loadConfig())),
    );
}

/** Shows or clears the outbox and answers the exit code. */
export async function runOutbox(
  options: OutboxOptions,
  context: Pick<Context, 'owner' | 'output'>,
  config: Config,
): Promise<number> {
  const { withAdministration } = await import('../auth/administration/open.ts');
  const { readOutbox } = await import('../auth/administration/outbox.ts');
  const waitMs = options.wait === undefined ? 0 : parseDuration(options.wait);
  return withAdministration({ store: config.auth.store, owner: context.owner }, async ({ store }) => {
    if (options.clear === true) {
      await store.clearMail();
      context.output.result({ cleared: true }, 'The outbox is empty');
      return EXIT.done;
    }
    const { to, type } = options;
    const query = { ...(to === undefined ? {} : { to }), ...(type === undefined ? {} : { type }) };
    const { setTimeout: sleep } = await import('node:timers/promises');
    const found = await readOutbox(store, query, waitMs, sleep);
    const mails = options.last === true ? found.slice(-1) : found;
    show(mails, options, context);
    return mails.length === 0 && options.wait !== undefined ? EXIT.timeout : EXIT.done;
  });
}

function show(mails: readonly Mail[], options: OutboxOptions, { output }: Pick<Context, 'output'>): void {
  if (mails.length === 0) output.info('No mails');
  const links = mails.map(({ parts }) => parts['link'] ?? '');
  if (options.link === true) output.result(links, links.join('\n'));
  else output.result(mails.map(describeMail), mails.map(formatMail).join('\n'));
}

function describeMail({ sentAt, ...mail }: Mail): object {
  return { ...mail, sentAt: new Date(sentAt).toISOString() };
}

function formatMail(mail: Mail): string {
  const sent = new Date(mail.sentAt).toISOString();
  return `${sent}  to ${mail.to}\n${mail.subject}\n\n${mail.body}`;
}

/** `5s`, `500ms`, `1m` or a plain number of seconds, in milliseconds. */
function parseDuration(text: string): number {
  const match = /^(\d{1,6})(ms|s|m)?$/.exec(text);
  const unit = { ms: 1, s: 1000, m: 60_000 }[match?.[2] ?? 's'];
  if (match === null || unit === undefined) {
    throw new JwtDevError('ERR_USAGE', `--wait ${text} is not a time`, {
      hint: 'Write it as 5s, 500ms or 1m.',
    });
  }
  return Number(match[1]) * unit;
}
