import { signIn } from '../support/client.ts';
import { someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test('a name is chosen and is how the product calls one', async ({ page, isMobile, signInAs }) => {
  await signInAs(someone());
  await page.goto('/settings');
  await page.getByRole('textbox', { name: 'Name' }).fill('Ann Example');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  if (isMobile) await page.getByRole('button', { name: 'Open the sidebar' }).click();
  await expect(page.getByRole('button', { name: /^Account: Ann Example/ })).toBeVisible();
});

test('theme and density are chosen and are there from the first byte', async ({ page, signInAs }) => {
  await signInAs(someone());
  await page.goto('/settings/appearance');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.getByRole('radio', { name: /Compact/ }).check();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const html = await (await page.request.get('/settings/appearance')).text();
  expect(html).toContain('data-theme="dark" data-density="compact"');
});

test('FR-AUTH-003: other browsers are signed out from here', async ({ page, server, signInAs }) => {
  const email = someone();
  const other = await signIn(server.url, email);
  await signInAs(email);
  await page.goto('/settings/sessions');
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(2);
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await expect(page.getByRole('main').getByRole('listitem')).toHaveCount(1);
  expect((await other.get('/auth/me')).status).toBe(401);
});
