import { createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, expectedErrors: [/404/] });

    test('UI-002: a room is shared by a link that anyone can read, until it is revoked', async ({
      page,
      browser,
      server,
      signInAs,
      modelServer,
      expectAccessible,
    }) => {
      modelServer.setRules([{ behaviour: { text: 'The **tide** decides.' } }]);
      const client = await signInAs(someone());
      const room = await createRoom(client, { name: 'Harbour', agents: ['Ada'] });
      await runTurn(client, room.id, '@Ada when do we sail?');
      await page.goto(`/rooms/${room.id}`);
      await page.getByRole('button', { name: 'Room: more' }).click();
      await page.getByRole('menuitem', { name: 'Share a link' }).click();
      await page.getByRole('combobox', { name: 'Ends after' }).selectOption('1 day');
      await page.getByRole('button', { name: 'Make a link' }).click();
      const url = await page.getByRole('textbox', { name: 'The link' }).inputValue();
      await expectAccessible();

      const stranger = await browser.newContext({ baseURL: server.url, colorScheme });
      const reader = await stranger.newPage();
      await reader.goto(new URL(url).pathname);
      await expect(reader.getByRole('heading', { name: 'Harbour', level: 1 })).toBeVisible();
      await expect(reader.getByRole('article', { name: 'Ada' })).toContainText('The tide decides.');
      await expect(reader.getByText('when do we sail?')).toBeVisible();
      await expectAccessible(reader);

      await page.goto('/settings/shares');
      await expectAccessible();
      await page.getByRole('button', { name: /^Revoke: Harbour/ }).click();
      await expect(page.getByText('Nothing is shared.')).toBeVisible();
      await reader.reload();
      await expect(reader.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
      await stranger.close();
    });
  });
}
