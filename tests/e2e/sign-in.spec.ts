import { someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test('FR-AUTH-001: a newcomer signs in by the mailed link, sees a first home and signs out', async ({
  page,
  isMobile,
}) => {
  await page.goto('/');
  await expect(page).toHaveURL(/\/sign-in/);
  await page.getByRole('textbox', { name: 'E-mail' }).fill(someone());
  await page.getByRole('button', { name: 'Send sign-in link' }).click();
  await page.getByRole('link', { name: /development mailbox/ }).click();
  await page.getByRole('link', { name: 'Open link' }).first().click();
  await page.getByRole('button', { name: /sign in/i }).click();

  await expect(page.getByText('Bring your first council together')).toBeVisible();
  if (isMobile) await page.getByRole('button', { name: 'Open the sidebar' }).click();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('who was sent to sign in comes back to where they wanted to go', async ({ page, server }) => {
  await page.goto('/rooms/new?template=code-review');
  await page.getByRole('textbox', { name: 'E-mail' }).fill(someone());
  await page.getByRole('button', { name: 'Send sign-in link' }).click();
  await page.getByRole('link', { name: /development mailbox/ }).click();
  await page.getByRole('link', { name: 'Open link' }).first().click();
  await page.getByRole('button', { name: /sign in/i }).click();
  await expect(page).toHaveURL(`${server.url}/rooms/new?template=code-review`);
  await expect(page.getByRole('radio', { name: /Code review/ })).toBeChecked();
});
