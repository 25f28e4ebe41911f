import type { Command } from 'commander';
import type { Mail, MailType } from '../auth/store/types.ts';
import type { Config } from '../config/types.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';
import { parseDuration } from '../system/duration.ts';
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
  const { describeMail, readOutbox } = await import('../auth/administration/outbox.ts');
  const waitMs = options.wait === undefined ? 0 : parseDuration(options.wait, '--wait');
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
    show(mails, mails.map(describeMail), options, context);
    return mails.length === 0 && options.wait !== undefined ? EXIT.timeout : EXIT.done;
  });
}

function show(
  mails: readonly Mail[],
  described: readonly object[],
  options: OutboxOptions,
  { output }: Pick<Context, 'output'>,
): void {
  if (mails.length === 0) output.info('No mails');
  const links = mails.map(({ parts }) => parts['link'] ?? '');
  if (options.link === true) output.result(links, links.join('\n'));
  else output.result(described, mails.map(formatMail).join('\n'));
}

function formatMail(mail: Mail): string {
  const sent = new Date(mail.sentAt).toISOString();
  return `${sent}  to ${mail.to}\n${mail.subject}\n\n${mail.body}`;
}
