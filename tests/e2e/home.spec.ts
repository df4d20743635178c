import { createRoom } from '../support/rooms.ts';
import { sendTurn } from '../support/turns.ts';
import { someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test('UI-001: home says what is at work, what there is to spend, and leads there', async ({
  page,
  signInAs,
  modelServer,
  expectAccessible,
}) => {
  modelServer.setRules([{ behaviour: { hang: 'first_token' } }]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { name: 'Busy room', agents: ['Ada'] });
  const turn = await sendTurn(client, room.id, '@Ada think');
  await page.goto('/');
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { name: 'At work now' })).toBeVisible();
  await expect(main.getByText(/credits to spend/)).toBeVisible();
  await expectAccessible();
  await client.post(`/turns/${turn.id}/stop`);
  await expect(main.getByRole('heading', { name: 'At work now' })).toHaveCount(0);
});

test.describe('without a network', () => {
  test.use({ serviceWorkers: 'allow', expectedErrors: [/ERR_INTERNET_DISCONNECTED|Failed to fetch/] });

  test('NFR-UX: the product says so, and a page that is asked for is there as a page', async ({
    page,
    context,
    signInAs,
  }) => {
    await signInAs(someone());
    await page.goto('/');
    await page.evaluate(async () => navigator.serviceWorker.ready);
    await page.reload();
    await context.setOffline(true);
    await expect(page.getByText('You are offline. Agents go on without you')).toBeVisible();
    await page.goto('/usage');
    await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible();
    await context.setOffline(false);
    await page.getByRole('link', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { name: 'Usage', level: 1 })).toBeVisible();
  });
});

test('the product can be installed: its manifest and icons are there', async ({ page, request }) => {
  await page.goto('/sign-in');
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = (await (await request.get(href ?? '')).json()) as { icons: { src: string; type: string }[] };
  for (const { src, type } of manifest.icons) {
    const icon = await request.get(src);
    expect([icon.status(), icon.headers()['content-type']?.split(';')[0]]).toEqual([200, type]);
  }
});
