import { signIn } from '../support/client.ts';
import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
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

test('UI-002: a room is exported from its menu and imported from the settings', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { name: 'Harbour', agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada when do we sail?');
  await page.goto(`/rooms/${room.id}`);
  await page.getByRole('button', { name: 'Room: more' }).click();
  const downloading = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export as a file' }).click();
  const path = await (await downloading).path();

  await page.goto('/settings/data');
  await page
    .getByLabel('Room file')
    .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{') });
  await expect(page.getByRole('alert')).toContainText('x.json is not a room file.');
  await page.getByLabel('Room file').setInputFiles(path);
  await expect(page).toHaveURL(/\/rooms\//);
  await expect(page).not.toHaveURL(new RegExp(room.id));
  await expect(page.getByText('@Ada when do we sail?')).toBeVisible();
});

test('an account is deleted by who types its address, and signs them out', async ({ page, signInAs }) => {
  const email = someone();
  await signInAs(email);
  await page.goto('/settings/data');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export everything' }).click();
  expect((await download).suggestedFilename()).toMatch(/^pantheon-.*\.zip$/);
  await page.getByRole('button', { name: 'Delete my account' }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete my account' });
  await expect(confirm).toBeDisabled();
  await page.getByRole('textbox', { name: `Type ${email} to confirm` }).fill(email);
  await confirm.click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
