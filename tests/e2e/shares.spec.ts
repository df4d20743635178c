import { uploadAndParse } from '../support/files.ts';
import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test.use({ expectedErrors: [/404/] });

test('UI-002: a turn is shared by a link that anyone can read, with its sources, until it is revoked', async ({
  page,
  browser,
  server,
  signInAs,
  modelServer,
  expectAccessible,
}) => {
  modelServer.setRules([
    { match: { lastMessage: 'High water' }, behaviour: { text: 'The **tide** decides [1].' } },
    { behaviour: { text: '', toolCalls: [{ name: 'read_file', arguments: { file: 'tides.md' } }] } },
  ]);
  const client = await signInAs(someone());
  const agent = { name: 'Ada', toolPermissions: { search: false, files: true } };
  const room = await createRoom(client, { name: 'Harbour', agents: [agent] });
  const file = await uploadAndParse(client, room.id, { name: 'tides.md', bytes: 'High water is at noon.' });
  await runTurn(client, room.id, '@Ada when do we sail?');
  await runTurn(client, room.id, '@Ada and what did you forget?');
  await page.goto(`/rooms/${room.id}`);
  await page.getByRole('button', { name: 'Turn: more' }).first().click();
  await page.getByRole('menuitem', { name: 'Share this turn…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this turn' });
  await dialog.getByRole('combobox', { name: 'Ends after' }).selectOption('1 day');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const url = await dialog.getByRole('textbox', { name: 'The link' }).inputValue();
  await expectAccessible();

  const stranger = await browser.newContext({ baseURL: server.url, viewport: page.viewportSize() });
  const reader = await stranger.newPage();
  await reader.goto(new URL(url).pathname);
  await expect(reader.getByRole('heading', { name: 'Harbour', level: 1 })).toBeVisible();
  await expect(reader.getByText('when do we sail?')).toBeVisible();
  await expect(reader.getByText('what did you forget?')).toHaveCount(0);
  const answer = reader.getByRole('article', { name: 'Ada' });
  await expect(answer.getByRole('list', { name: 'Sources' })).toContainText('tides.md, section 1');
  await answer.getByRole('button', { name: 'Source 1: tides.md, section 1' }).click();
  await expect(reader.getByRole('dialog', { name: 'Source 1' })).toContainText('tides.md');
  await expectAccessible(reader);
  expect(await reader.content(), 'nothing to fetch the file with').not.toContain(file.id);

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Room: more' }).click();
  await page.getByRole('menuitem', { name: 'Share a link' }).click();
  await page.getByRole('button', { name: 'Make a link' }).click();
  await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(2);
  await expectAccessible();
  await page.goto('/settings/shares');
  await expectAccessible();
  await page.getByRole('button', { name: /^Revoke: Harbour, One question/ }).click();
  await page.getByRole('button', { name: /^Revoke: Harbour, Conversation/ }).click();
  await expect(page.getByText('Nothing is shared.')).toBeVisible();
  await reader.reload();
  await expect(reader.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  await stranger.close();
});
