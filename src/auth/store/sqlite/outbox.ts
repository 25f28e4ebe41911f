import { caseKey, type Mail, type MailType, type NewMail } from '../types.ts';
import type { Sql, SqlValue } from './database.ts';

interface MailRow {
  readonly id: number;
  readonly recipient: string;
  readonly type: MailType;
  readonly subject: string;
  readonly body: string;
  readonly parts: string;
  readonly sent_at: number;
}

export function addMail(sql: Sql, mail: NewMail, keep: number): Mail {
  return sql.transaction(() => {
    const row = sql.first<{ id: number }>(
      `insert into outbox (recipient, recipient_key, type, subject, body, parts, sent_at)
       values (?, ?, ?, ?, ?, ?, ?) returning id`,
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
    sql.run('delete from outbox where id <= (select max(id) from outbox) - ?', [keep]);
    return { ...mail, id: row?.id ?? 0 };
  });
}

export function listMail(
  sql: Sql,
  filter: { readonly to?: string; readonly type?: MailType; readonly afterId?: number } = {},
): readonly Mail[] {
  const conditions: string[] = ['id > ?'];
  const values: SqlValue[] = [filter.afterId ?? 0];
  if (filter.to !== undefined) {
    conditions.push('recipient_key = ?');
    values.push(caseKey(filter.to));
  }
  if (filter.type !== undefined) {
    conditions.push('type = ?');
    values.push(filter.type);
  }
  return sql
    .all<MailRow>(`select * from outbox where ${conditions.join(' and ')} order by id`, values)
    .map((row) => ({
      id: row.id,
      to: row.recipient,
      type: row.type,
      subject: row.subject,
      body: row.body,
      parts: JSON.parse(row.parts) as Record<string, string>,
      sentAt: row.sent_at,
    }));
}
