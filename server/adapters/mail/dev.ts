import type { Pool } from 'pg';
import type { Logger } from 'winston';
import type { MailPort } from '#server/adapters/mail/port.ts';
import { newId } from '#server/platform/ids.ts';

/**
 * The development mailbox: mail is a row that /dev/mailbox shows. Never made in production, since anyone could then sign
 * in as anyone. The terminal says where to look and not the link itself, which is as good as a password.
 */
export function createDevMail({ db, log, appUrl }: { db: Pool; log: Logger; appUrl: string }): MailPort {
  return {
    kind: 'dev',
    async send({ to, subject, url }) {
      await db.query('INSERT INTO dev_mails (id, "to", subject, url) VALUES ($1, $2, $3, $4)', [
        newId(),
        to,
        subject,
        url,
      ]);
      log.info('a mail is in the development mailbox', { mailbox: new URL('/dev/mailbox', appUrl).href });
    },
  };
}
