import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { signIn } from '../support/client.ts';
import { someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

const OWNER = 'owner@pantheon.local';
const ANALYST = 'analyst@pantheon.local';
const PAGES = ['', '/usage', '/health', '/users', '/invites', '/pricing', '/pricing/1', '/settings', '/jobs', '/audit'];

test('FR-ADMIN-001, FR-ADMIN-003: an owner finds somebody, suspends them, and gives them credits', async ({
  page,
  isMobile,
  server,
  signInAs,
}) => {
  const email = someone();
  const client = await signIn(server.url, email);
  const room = await createRoom(client, { agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada hello');
  await signInAs(OWNER);
  await page.goto('/');
  if (isMobile) await page.getByRole('button', { name: 'Open the sidebar' }).click();
  await page.getByRole('button', { name: /^Account/ }).click();
  await page.getByRole('menuitem', { name: 'Admin' }).click();
  await expect(page.getByRole('heading', { name: 'Overview', level: 1 })).toBeVisible();
  if (isMobile) await page.getByRole('button', { name: 'Open the sidebar' }).click();
  await page.getByRole('navigation', { name: 'Admin pages' }).getByRole('link', { name: 'Users' }).click();
  await page.getByLabel('Search').fill(email);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('link', { name: email }).click();
  await expect(page.getByRole('heading', { name: email })).toBeVisible();

  await page.getByRole('button', { name: 'Suspend' }).click();
  const dialog = page.getByRole('alertdialog');
  await expect(dialog).toContainText('new messages refused');
  await dialog.getByRole('button', { name: 'Suspend' }).click();
  await expect(page.getByRole('button', { name: 'Reactivate' })).toBeVisible();
  expect((await client.post(`/rooms/${room.id}/turns`, { message: '@Ada hello' })).status).toBe(403);

  await page.getByLabel('Credits to give').fill('12.5');
  await page.getByRole('button', { name: 'Adjust credits' }).click();
  await expect(page.getByText('Write a reason first.')).toBeVisible();
  await page.getByLabel('Reason').fill('For the trouble');
  await page.getByRole('button', { name: 'Adjust credits' }).click();
  await expect(dialog).toContainText('12.5 credits, for: For the trouble');
  await dialog.getByRole('button', { name: 'Adjust credits' }).click();
  await expect
    .poll(async () => (await client.get<{ items: { note: string }[] }>('/wallet/transactions')).body.items[0]?.note)
    .toBe('For the trouble');

  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('cell', { name: 'user.credits' })).toBeVisible();
  await expect(page.getByRole('cell', { name: 'user.suspend' })).toBeVisible();
});

test('FR-BILL-003: an owner drafts prices, compares them with those in effect, and publishes them', async ({
  page,
  signInAs,
}) => {
  const client = await signInAs(OWNER);
  await page.goto('/admin/pricing');
  await page.getByRole('button', { name: 'New draft' }).click();
  await expect(page.getByText('The prices are the same.')).toBeVisible();
  const field = page.getByLabel('llama: Multiplier');
  const price = (await field.inputValue()) === '0.75' ? '0.8' : '0.75';
  await field.fill(price);
  await page.getByRole('button', { name: 'Save the draft' }).click();
  await expect(page.getByRole('table', { name: 'What changes' }).getByRole('cell', { name: price })).toBeVisible();
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('alertdialog')).toContainText('with one change');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Publish' }).click();
  await expect(page.getByRole('table', { name: 'Prices', exact: true })).toBeVisible();
  const { body } = await client.get<{ items: { state: string; models: { alias: string; multiplier: string }[] }[] }>(
    '/admin/pricing-versions',
  );
  const effective = body.items.find(({ state }) => state === 'effective');
  expect(effective?.models.find(({ alias }) => alias === 'llama')?.multiplier).toBe(price);
});

test('AT-011: an analyst sees every page and can press nothing that changes anything', async ({ page, signInAs }) => {
  await signInAs(ANALYST);
  await page.goto('/admin/settings');
  await expect(page.getByText('You can look at everything here')).toBeVisible();
  for (const control of await page.getByRole('main').getByRole('switch').all()) await expect(control).toBeDisabled();
  for (const button of await page
    .getByRole('main')
    .getByRole('button', { name: /Save|Change/ })
    .all()) {
    await expect(button).toBeDisabled();
  }
  await page.goto('/admin/pricing');
  await expect(page.getByRole('button', { name: 'New draft' })).toBeDisabled();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`NFR-UX-001: ${colorScheme}`, () => {
    test.use({ colorScheme });
    test('axe finds nothing grave on the admin pages', async ({ page, signInAs, expectAccessible }) => {
      test.slow();
      const client = await signInAs(OWNER);
      const { body } = await client.get<{ items: { id: string }[] }>('/admin/users?q=demo');
      for (const path of [...PAGES, `/users/${body.items[0]?.id ?? ''}`]) {
        await page.goto(`/admin${path}`);
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await expectAccessible();
      }
    });
  });
}
