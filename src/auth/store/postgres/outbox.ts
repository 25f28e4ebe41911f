import { caseKey, type Mail, type MailType, type NewMail } from '../types.ts';
import { type PgDatabase, type PgSql, type PgValue, toNumber } from './database.ts';

interface MailRow {
  readonly id: string;
  readonly recipient: string;
  readonly type: MailType;
  readonly subject: string;
  readonly body: string;
  readonly parts: string;
  readonly sent_at: string;
}

export async function addMail(database: PgDatabase, mail: NewMail, keep: number): Promise<Mail> {
  return database.transaction(async (sql) => {
    const [row] = await sql.all<{ id: string }>(
      `insert into jwt_dev.outbox (recipient, recipient_key, type, subject, body, parts, sent_at)
       values ($1, $2, $3, $4, $5, $6, $7) returning id`,
      [
        mail.to,
        caseKey(mail.to),
        mail.type,
        mail.subject,
        mail.body,
        JSON.stringify(mail.parts),
        mail.sentAt,
      ],
    );
    await sql.run(
      'delete from jwt_dev.outbox where id <= (select max(id) from jwt_dev.outbox) - $1::bigint',
      [keep],
    );
    return { ...mail, id: row === undefined ? 0 : toNumber(row.id) };
  });
}

export async function listMail(
  sql: PgSql,
  filter: { readonly to?: string; readonly type?: MailType; readonly afterId?: number } = {},
): Promise<readonly Mail[]> {
  const conditions: string[] = ['id > $1'];
  const values: PgValue[] = [filter.afterId ?? 0];
  if (filter.to !== undefined) conditions.push(`recipient_key = $${values.push(caseKey(filter.to))}`);
  if (filter.type !== undefined) conditions.push(`type = $${values.push(filter.type)}`);
  const rows = await sql.all<MailRow>(
    `select * from jwt_dev.outbox where ${conditions.join(' and ')} order by id`,
    values,
  );
  return rows.map((row) => ({
    id: toNumber(row.id),
    to: row.recipient,
    type: row.type,
    subject: row.subject,
    body: row.body,
    parts: JSON.parse(row.parts) as Record<string, string>,
    sentAt: toNumber(row.sent_at),
  }));
}
