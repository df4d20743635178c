import { createDirectSession, createRoom } from '../support/rooms.ts';
import { runTurn } from '../support/turns.ts';
import { composer, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test.describe('on a keyboard', () => {
  test.skip(({ isMobile }) => isMobile, 'A phone has no keyboard');

  test('UI-001, NFR-UX-001: Ctrl K goes to a room, a page and a message, without a mouse', async ({
    page,
    signInAs,
    modelServer,
  }) => {
    modelServer.setRules([{ behaviour: { text: 'Lighthouses **blink** at night.' } }]);
    const client = await signInAs(someone());
    const room = await createRoom(client, { name: 'Harbour', agents: ['Ada'] });
    await createRoom(client, { name: 'Hill', agents: ['Ada'] });
    await runTurn(client, room.id, '@Ada what is that light?');
    await page.goto('/');
    const field = page.getByRole('combobox', { name: 'Search' });

    await page.keyboard.press('Control+k');
    await expect(field).toBeFocused();
    await page.keyboard.type('harb');
    const options = page.getByRole('listbox', { name: 'Results' }).getByRole('option');
    await expect(options.first()).toHaveAccessibleName(/Harbour Room, unread/);
    await expect(options.first()).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Harbour', level: 1 })).toBeVisible();
    await expect(field).toHaveCount(0);

    await page.keyboard.press('Control+k');
    await page.keyboard.type('usage');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Usage', level: 1 })).toBeVisible();

    await page.keyboard.press('Control+k');
    await page.keyboard.type('lighthouse');
    const found = page.getByRole('group', { name: 'Messages' }).getByRole('option').first();
    await expect(found).toHaveAccessibleName(/Ada.*Harbour.*Lighthouses blink at night/);
    await expect(found.locator('mark')).toHaveText('Lighthouses');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`/rooms/${room.id}#message-[0-9a-f-]{36}$`));

    await page.keyboard.press('Control+k');
    await expect(field).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(field).toHaveCount(0);
  });

  test('UI-001: rooms are put in order by keyboard and by mouse, and stay so', async ({ page, signInAs }) => {
    const client = await signInAs(someone());
    await createRoom(client, { name: 'One' });
    const two = await createRoom(client, { name: 'Two' });
    await createRoom(client, { name: 'Three' });
    await page.goto('/');
    const links = page.getByRole('navigation').locator('section').first().getByRole('link');
    await expect(links).toHaveText(['Three', 'Two', 'One']);
    await links.filter({ hasText: 'One' }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await expect(links).toHaveText(['Three', 'One', 'Two']);
    await expect(page.getByRole('status').filter({ hasText: 'One is number 2 of 3.' })).toBeAttached();
    await expect(links.filter({ hasText: 'One' })).toBeFocused();
    await page.keyboard.press('Alt+ArrowUp');
    await expect(links).toHaveText(['One', 'Three', 'Two']);
    // Of the drag: a save of the keys may still be on its way.
    const saved = page.waitForResponse(
      (response) =>
        response.url().endsWith('/rooms/order') &&
        response.ok() &&
        (response.request().postDataJSON() as { roomIds: string[] }).roomIds[0] === two.id,
    );
    await links
      .filter({ hasText: 'Two' })
      .dragTo(links.filter({ hasText: 'One' }), { targetPosition: { x: 40, y: 4 } });
    await expect(links).toHaveText(['Two', 'One', 'Three']);
    await saved;
    await page.reload();
    await expect(links).toHaveText(['Two', 'One', 'Three']);
  });
});

test('UI-001: what finished elsewhere is unread until it is looked at', async ({ page, isMobile, signInAs }) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { name: 'Elsewhere', agents: ['Ada'] });
  await runTurn(client, room.id, '@Ada hello');
  await page.goto('/settings/profile');
  const openSidebar = async () => {
    if (isMobile) await page.getByRole('button', { name: 'Open the sidebar' }).click();
  };
  await openSidebar();
  const entry = page.getByRole('navigation', { name: 'Rooms and chats' }).getByRole('link', { name: /Elsewhere/ });
  await expect(entry).toHaveAccessibleName(/unread/);
  const read = page.waitForResponse((response) => response.url().endsWith('/read'));
  await entry.click();
  await expect(composer(page)).toBeVisible();
  await read;
  await page.goto('/settings/profile');
  await openSidebar();
  await expect(entry).not.toHaveAccessibleName(/unread/);
});

test('FR-ROOM-003: a deleted direct chat comes back from Home', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  const chat = await createDirectSession(client, 'Ada');
  await page.goto(`/direct/${chat.id}`);
  await page.getByRole('button', { name: 'Chat: more' }).click();
  await page.getByRole('menuitem', { name: 'Delete chat' }).click();
  await page.getByRole('button', { name: 'Delete chat' }).click();
  await page.getByText('Recently deleted (1)').click();
  await page.getByRole('button', { name: 'Restore Ada' }).click();
  await page.getByRole('main').getByRole('link', { name: /Ada/ }).click();
  await expect(composer(page)).toBeVisible();
});

test('UI-001: what was said is found in one room, and everywhere', async ({ page, signInAs, modelServer }) => {
  modelServer.setRules([{ behaviour: { text: 'Nothing to add.' } }]);
  const client = await signInAs(someone());
  const [here, there] = [
    await createRoom(client, { name: 'Here', agents: ['Ada'] }),
    await createRoom(client, { name: 'There', agents: ['Ada'] }),
  ];
  await runTurn(client, here.id, '@Ada the marble is heavy');
  await runTurn(client, there.id, '@Ada the marble is <b>light</b>');
  await page.goto(`/rooms/${here.id}`);
  await page.getByRole('button', { name: 'Room: more' }).click();
  await page.getByRole('menuitem', { name: 'Find in this room' }).click();
  await page.getByRole('combobox', { name: 'Find in Here' }).fill('marble');
  await expect(page.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Escape');

  await page.goto('/search');
  await page.getByRole('searchbox', { name: 'Search all messages' }).fill('marble');
  await page.keyboard.press('Enter');
  const results = page.getByRole('main').getByRole('listitem');
  await expect(results).toHaveCount(2);
  await expect(results.first()).toContainText('the marble is light');
  await expect(results.first().locator('b')).toHaveCount(0);
  await results.last().getByRole('link').click();
  await expect(page).toHaveURL(new RegExp(`/rooms/${here.id}#message-`));
});
