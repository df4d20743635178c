/** The mail port over real SMTP. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signInMail } from '#server/adapters/identity/sign-in-mail.ts';
import { createMail } from '#server/adapters/mail/create-mail.ts';
import { createSmtpMail } from '#server/adapters/mail/smtp.ts';
import { startSmtpServer, type SmtpServer } from '#tests/support/smtp-server.ts';

const mail = signInMail({
  to: 'ann@example.com',
  url: 'https://pantheon.example/sign-in/verify?token=abc',
  minutes: 15,
});

let server: SmtpServer;
beforeAll(async () => {
  server = await startSmtpServer();
});
afterAll(() => server.close());
beforeEach(() => server.behave('accept'));

describe('mail by SMTP', () => {
  it('arrives as text and HTML, from the address that SMTP_URL names', async () => {
    const url = `${server.url}&from=${encodeURIComponent('Pantheon <hello@pantheon.example>')}`;
    await createSmtpMail({ url, appUrl: 'https://pantheon.example' }).send(mail);
    const received = server.mails.at(-1);
    expect(received).toMatchObject({ from: 'hello@pantheon.example', to: ['ann@example.com'] });
    expect(received?.data).toContain('Subject: Your sign-in link for Pantheon');
    expect(received?.data).toContain('Auto-Submitted: auto-generated');
    expect(received?.data).toContain('text/plain');
    expect(received?.data).toContain('text/html');
  });

  it('comes from no-reply of the site unless told otherwise', async () => {
    await createSmtpMail({ url: server.url, appUrl: 'https://pantheon.example' }).send(mail);
    expect(server.mails.at(-1)?.from).toBe('no-reply@pantheon.example');
  });

  it('goes to one address, whatever characters that holds', async () => {
    const to = 'a,b@example.com';
    await createSmtpMail({ url: server.url, appUrl: 'https://pantheon.example' }).send({ ...mail, to });
    expect(server.mails.at(-1)?.to).toHaveLength(1);
  });

  it('is an error when the server refuses it', async () => {
    server.behave('refuse');
    await expect(createSmtpMail({ url: server.url, appUrl: 'https://pantheon.example' }).send(mail)).rejects.toThrow();
  });

  it('is an error when the server says nothing', async () => {
    server.behave('hang');
    const url = `${server.url}&greetingTimeout=200`;
    await expect(createSmtpMail({ url, appUrl: 'https://pantheon.example' }).send(mail)).rejects.toThrow(/greeting/i);
  });
});

it('production without a mail server says so instead of keeping mail for anyone to read', async () => {
  const none = createMail(
    { appUrl: 'https://pantheon.example', production: true, smtpUrl: null },
    { db: undefined as never, log: undefined as never },
  );
  expect(none.kind).toBe('none');
  await expect(none.send(mail)).rejects.toMatchObject({ code: 'not_configured' });
});
