import type { Pool } from 'pg';
import type { Logger } from 'winston';
import { createDevMail } from '#server/adapters/mail/dev.ts';
import type { MailPort } from '#server/adapters/mail/port.ts';
import { createSmtpMail } from '#server/adapters/mail/smtp.ts';
import type { Env } from '#server/platform/env.ts';
import { AppError } from '#server/platform/errors.ts';

/** SMTP when SMTP_URL says where; else the development mailbox; in production neither, and sending says so. */
export function createMail(
  env: Pick<Env, 'appUrl' | 'production' | 'smtpUrl'>,
  { db, log }: { db: Pool; log: Logger },
): MailPort {
  if (env.smtpUrl) return createSmtpMail({ url: env.smtpUrl, appUrl: env.appUrl });
  if (!env.production) return createDevMail({ db, log, appUrl: env.appUrl });
  return {
    kind: 'none',
    send: () => Promise.reject(new AppError('not_configured', 'No mail server is configured: set SMTP_URL.')),
  };
}
