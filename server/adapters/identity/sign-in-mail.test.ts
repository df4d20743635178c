import { expect, it } from 'vitest';
import { signInMail } from '#server/adapters/identity/sign-in-mail.ts';

it('a sign-in mail carries its one link, who it is for and how long it works, as text and as HTML', () => {
  const url = 'https://pantheon.example/sign-in/verify?token=abc';
  const mail = signInMail({ to: `"<b>x"@example.com`, url, minutes: 15 });
  expect(mail.url).toBe(url);
  expect(mail.text).toContain(url);
  expect(mail.text).toContain('15 minutes');
  expect(mail.html).toContain(`href="${url}"`);
  expect(mail.html).not.toContain('<b>x');
});
