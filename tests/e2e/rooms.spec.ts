import { createRoom } from '../support/rooms.ts';
import { card, composer, runBar, send, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test.skip(({ isMobile }) => isMobile, 'The phone has its own journey: mobile.spec.ts');

test('UI-002, FR-ROOM-001: a room is made from a template, with its agents and its mode', async ({
  page,
  signInAs,
}) => {
  await signInAs(someone());
  await page.goto('/');
  await page.getByRole('link', { name: /Decision board/ }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Should we?');
  await page.getByRole('button', { name: 'Create room' }).click();
  await expect(page.getByRole('heading', { name: 'Should we?' })).toBeVisible();
  const agents = page.getByRole('complementary', { name: 'Agents' });
  for (const name of ['Advocate', 'Devil’s Advocate', 'Chair']) {
    await expect(agents.getByText(name, { exact: true })).toBeVisible();
  }
  await expect(page.getByRole('button', { name: 'Mode: Roundtable', exact: true })).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('link', { name: /Should we\?/ })).toBeVisible();
});

test.describe('what is refused at its field', () => {
  test.use({ expectedErrors: [/422/] });

  test('a room without a name is refused at the field', async ({ page, signInAs }) => {
    await signInAs(someone());
    await page.goto('/rooms/new');
    await page.getByRole('button', { name: 'Create room' }).click();
    await expect(page.getByRole('textbox', { name: 'Name' })).toHaveAccessibleDescription(/Give the room a name/);
  });

  test('FR-AGENT-002: an agent without a name, or with one that is taken', async ({ page, signInAs }) => {
    const client = await signInAs(someone());
    const room = await createRoom(client, { agents: ['Ada'] });
    await page.goto(`/rooms/${room.id}`);
    await page.getByRole('button', { name: 'Add an agent' }).click();
    const name = page.getByRole('textbox', { name: 'Name' });
    await page.getByRole('textbox', { name: 'Role' }).fill('You count.');
    await page.getByRole('button', { name: 'Add agent', exact: true }).click();
    await expect(name).toHaveAccessibleDescription(/Give the agent a name/);
    await name.fill('ADA');
    await page.getByRole('button', { name: 'Add agent', exact: true }).click();
    await expect(name).not.toHaveAccessibleDescription(/Give the agent a name/);
    await expect(name).toHaveAttribute('aria-invalid', 'true');
  });
});

test('AT-001, UI-004: a mode that was chosen says that it applies on next send, and then does', async ({
  page,
  signInAs,
}) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  await page.goto(`/rooms/${room.id}`);
  await page.getByRole('button', { name: 'Mode: Manual' }).click();
  await page.getByRole('button', { name: /^Roundtable/ }).click();
  await expect(page.getByText('Roundtable mode applies on next send.')).toBeVisible();

  await send(page, 'What do you think?');
  await expect(card(page, 'Bo').getByText('Mode: Roundtable')).toBeVisible();
  await expect(page.getByText('applies on next send')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Mode: Roundtable', exact: true })).toBeVisible();
  await expect(runBar(page)).toHaveCount(0);
});

test('AT-002, FR-AGENT-001: agents are added, edited, muted, ordered by keyboard and removed; the next send follows', async ({
  page,
  signInAs,
}) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada', 'Bo'] });
  await page.goto(`/rooms/${room.id}`);
  const agents = page.getByRole('complementary', { name: 'Agents' });

  await agents.getByRole('button', { name: 'Add an agent' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Cy Young');
  await page.getByRole('textbox', { name: 'Role' }).fill('You count.');
  await page.getByRole('button', { name: 'Add agent', exact: true }).click();
  await expect(agents.getByText('Cy Young')).toBeVisible();

  await agents.getByRole('button', { name: 'Cy Young: more' }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(agents.getByRole('listitem').nth(1)).toContainText('Cy Young');

  await agents.getByRole('button', { name: 'Bo: more' }).click();
  await page.getByRole('menuitem', { name: 'Mute' }).click();
  await expect(agents.getByText('Muted')).toBeVisible();
  await agents.getByRole('button', { name: 'Ada: more' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove agent' }).click();
  await expect(agents.getByText('Ada', { exact: true })).toHaveCount(0);

  await send(page, '@all hello');
  await expect(card(page, 'Cy Young')).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(1);
  await expect(runBar(page)).toHaveCount(0);
});

test('FR-ROOM-003: a deleted room comes back with what was said in it', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { name: 'Short-lived', agents: ['Ada'] });
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@Ada remember this');
  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
  await page.getByRole('button', { name: 'Room: more' }).click();
  await page.getByRole('menuitem', { name: 'Delete room' }).click();
  await page.getByRole('button', { name: 'Delete room' }).click();
  await page.getByText('Recently deleted (1)').click();
  await page.getByRole('button', { name: 'Restore Short-lived' }).click();
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /Short-lived/ })
    .click();
  await expect(page.getByText('@Ada remember this')).toBeVisible();
});

test.describe('a room that is not there', () => {
  test.use({ expectedErrors: [/404/] });
  test('looks like one that belongs to someone else', async ({ page, signInAs }) => {
    const client = await signInAs(someone());
    const room = await createRoom(client, { agents: ['Ada'] });
    await page.context().clearCookies();
    await signInAs(someone());
    for (const path of [`/rooms/${room.id}`, '/rooms/nowhere', '/nowhere']) {
      await page.goto(path);
      await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
    }
  });
});

test('a draft is kept while its room is left and comes back', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { name: 'Drafty', agents: ['Ada'] });
  await page.goto(`/rooms/${room.id}`);
  await composer(page).fill('half a thought');
  await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /Drafty/ })
    .click();
  await expect(composer(page)).toHaveValue('half a thought');
});
