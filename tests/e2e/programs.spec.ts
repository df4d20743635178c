import { someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

// A name is missing on purpose.
test.use({ expectedErrors: [/422/] });

test('a key is made, shown once, used by a program and revoked', async ({
  page,
  signInAs,
  server,
  expectAccessible,
}) => {
  await signInAs(someone());
  await page.goto('/settings/api-keys');
  await expect(page.getByText('No keys yet')).toBeVisible();
  await page.getByRole('button', { name: 'New key' }).click();
  await expectAccessible();
  await page.getByRole('button', { name: 'Make key' }).click();
  await expect(page.getByRole('alert')).toContainText('Give the key a name.');
  await page.getByLabel('Name').fill('Nightly report');
  await page.getByRole('button', { name: 'Make key' }).click();
  const key = await page.getByLabel('The key', { exact: true }).inputValue();
  expect(key).toMatch(/^pan_[\w-]{43}$/);
  await expectAccessible();
  await page.getByRole('button', { name: 'Done' }).click();

  const ask = () => fetch(`${server.url}/v1/models`, { headers: { Authorization: `Bearer ${key}` } });
  expect((await ask()).status).toBe(200);
  await page.reload();
  const row = page.getByRole('listitem').filter({ hasText: 'Nightly report' });
  await expect(row).toContainText(`${key.slice(0, 12)}…`);
  await expect(row).toContainText('used just now');
  await expectAccessible();
  await expect(page.locator('body')).not.toContainText(key);

  await row.getByRole('button', { name: /^Revoke/ }).click();
  await page.getByRole('button', { name: 'Revoke key' }).click();
  await expect(page.getByText('No keys yet')).toBeVisible();
  expect((await ask()).status).toBe(401);
});

test('the API reference is there for anyone, and asks nobody else for anything', async ({ page, server, isMobile }) => {
  test.skip(isMobile, 'What it asks for is the same at every width.');
  // A description of this length takes its reader a while.
  test.setTimeout(180_000);
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(server.url)) elsewhere.push(request.url());
  });
  await page.goto('/docs/api');
  await expect(page.getByRole('heading', { name: 'API reference' })).toBeVisible();
  await expect(page.getByText('Send a message; with the header Idempotency-Key').first()).toBeAttached({
    timeout: 150_000,
  });
  expect(elsewhere).toEqual([]);
});

test('a problem’s address leads to what it means, on a phone too', async ({ page, expectAccessible }) => {
  await page.goto('/docs/problems#insufficient_credits');
  await expect(page.getByRole('heading', { name: 'insufficient_credits' })).toBeInViewport();
  await expectAccessible();
  await page.getByRole('link', { name: 'API reference' }).waitFor();
});
