import { createTransport } from 'nodemailer';
import type { MailPort } from '#server/adapters/mail/port.ts';

/** A hanging mail server must not hold a job for longer than its retry would take. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 10_000 };

/**
 * Mail by SMTP. `url` is `smtp(s)://user:password@host:port`, with the transport's options in its query if need be; the
 * query's `from` is the sender, by default `Pantheon <no-reply@…>` of the host that the product is served from.
 */
export function createSmtpMail({ url, appUrl }: { url: string; appUrl: string }): MailPort {
  const connection = new URL(url);
  const from = connection.searchParams.get('from') ?? `Pantheon <no-reply@${new URL(appUrl).hostname}>`;
  connection.searchParams.delete('from');
  const transport = createTransport({ url: connection.href, ...TIMEOUTS }, { from });
  return {
    kind: 'smtp',
    async send({ to, subject, text, html }) {
      await transport.sendMail({
        to: { name: '', address: to },
        subject,
        text,
        html,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    },
  };
}
