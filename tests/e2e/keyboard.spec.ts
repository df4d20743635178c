import type { Locator, Page } from '@playwright/test';
import { createRoom } from '../support/rooms.ts';
import { card, composer, runBar, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test.skip(({ isMobile }) => isMobile, 'A phone has no keyboard');

/** A menu knows what its items are called a moment after it has opened; nobody types three letters before that. */
const LIKE_A_PERSON = { delay: 80 };

test('NFR-UX-001: from home to an answer with the keyboard alone, mention included', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  await createRoom(client, { name: 'Keys', agents: ['Ada', 'Bo Lin', 'Cy'] });
  await page.goto('/');
  await tabTo(page, page.getByRole('navigation').getByRole('link', { name: /Keys/ }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Keys' })).toBeVisible();
  await tabTo(page, composer(page));

  await page.keyboard.type('Hi @');
  const options = page.getByRole('listbox', { name: 'Agents to tag' }).getByRole('option');
  await expect(options).toHaveCount(5);
  await page.keyboard.press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(composer(page)).toHaveValue('Hi @"Bo Lin" ');
  await page.keyboard.type('and @c');
  await page.keyboard.press('Tab');
  await expect(composer(page)).toHaveValue('Hi @"Bo Lin" and @Cy ');
  await page.keyboard.type('or @a');
  await expect(options.first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(options).toHaveCount(0);
  await expect(composer(page)).toHaveValue('Hi @"Bo Lin" and @Cy or @a');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('?');
  await page.keyboard.press('Enter');
  await expect(card(page, 'Bo Lin')).toHaveAccessibleName('Bo Lin, finished');
  await expect(card(page, 'Cy')).toHaveAccessibleName('Cy, finished');
  await expect(page.getByRole('article')).toHaveCount(2);
  await expect(composer(page)).toBeFocused();
});

test('NFR-UX-001, FR-RT-002: with the keyboard alone a file is attached, deleted and had back, messages wait and change places, a turn is stopped and answered again, an agent moved and removed, the room deleted and restored', async ({
  page,
  signInAs,
  modelServer,
}) => {
  modelServer.setRules([
    { behaviour: { text: 'one two three four five six', hang: 'mid_stream', afterTokens: 4 }, times: 1 },
    { behaviour: { text: 'First try.' } },
  ]);
  test.setTimeout(120_000);
  const client = await signInAs(someone());
  const agent = { name: 'Ada', toolPermissions: { search: false, files: true } };
  const room = await createRoom(client, { agents: [agent, 'Bo'] });
  await page.goto(`/rooms/${room.id}`);
  const press = (name: string) => page.getByRole('button', { name, exact: true }).filter({ visible: true });

  // Asked for before: a press is quicker than the browser's promise to hand its dialog over.
  const choosing = page.waitForEvent('filechooser', { timeout: 60_000 });
  await tabTo(page, press('Attach files'));
  await page.keyboard.press('Enter');
  const chooser = await choosing;
  await chooser.setFiles({ name: 'order.md', mimeType: 'text/markdown', buffer: Buffer.from('# Supply') });
  await expect(page.getByRole('list', { name: 'Files for this message' })).toContainText('1 section');
  await tabTo(page, composer(page), 'back');
  await page.keyboard.type('@Ada first');
  await page.keyboard.press('Enter');
  await expect(card(page, 'Ada')).toContainText('one two three four');
  for (const [message, place] of [
    ['@Ada second', 'Next in line'],
    ['@Ada third', 'Waiting, number 2 in line'],
    ['@Ada fourth', 'Waiting, number 3 in line'],
  ] as const) {
    await page.keyboard.type(message);
    await page.keyboard.press('Enter');
    await expect(page.getByText(place)).toBeVisible();
  }

  const waiting = page.getByRole('region', { name: 'Waiting message' });
  await tabTo(page, waiting.filter({ hasText: 'third' }).getByRole('button', { name: /Move/ }), 'back');
  await page.keyboard.press('Enter');
  await expect(waiting.first()).toContainText('third');
  const cancel = waiting.first().getByRole('button', { name: /Cancel/ });
  await expect(cancel, 'the focus stays with the message').toBeFocused();
  await expect(cancel).toHaveAccessibleDescription('Next in line');
  await tabTo(page, waiting.filter({ hasText: 'fourth' }).getByRole('button', { name: /Cancel/ }));
  await page.keyboard.press('Enter');
  await expect(waiting).toHaveCount(2);
  await expect(composer(page), 'what is taken back can be sent after all').toHaveValue('@Ada fourth');

  await tabTo(page, press('Stop this turn'));
  await page.keyboard.press('Enter');
  await expect(card(page, 'Ada').first()).toHaveAccessibleName('Ada, stopped');
  await expect(card(page, 'Ada').first()).toContainText('one two three four');
  const answers = page.getByRole('article', { name: 'Ada, finished' });
  await expect(answers).toHaveCount(2);
  await expect(runBar(page)).toHaveCount(0);
  const answered = page.locator('[data-turn=completed]');
  await expect(answered.first()).toHaveAccessibleName('Turn: @Ada third');
  await expect(answered.last()).toHaveAccessibleName('Turn: @Ada second');

  modelServer.setRules([{ behaviour: { text: 'Second try.' } }]);
  await tabTo(page, answers.last().getByRole('button', { name: 'Answer again: Ada' }), 'back');
  await page.keyboard.press('Enter');
  await expect(answers.last()).toContainText('Second try.');
  await expect(page.getByRole('group', { name: 'Branches' })).toContainText('2/2');
  await expect(answers).toHaveCount(2);

  const agents = page.getByRole('complementary', { name: 'Agents' });
  await tabTo(page, agents.getByRole('button', { name: 'Bo: more' }));
  await page.keyboard.press('Alt+ArrowUp');
  await expect(agents.getByRole('listitem').first()).toContainText('Bo');

  await tabTo(page, press('Files'), 'back');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('complementary', { name: 'Files' });
  await tabTo(page, panel.getByRole('button', { name: 'More about order.md' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.type('Del', LIKE_A_PERSON);
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(panel).toContainText('“order.md” is deleted.');
  await tabTo(page, panel.getByRole('button', { name: 'Undo' }));
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('list', { name: 'Files', exact: true })).toContainText('order.md');

  const ask = async (item: string) => {
    await page.keyboard.press('Enter');
    await expect(page.getByRole('menuitem').first()).toBeFocused();
    await page.keyboard.type(item.slice(0, 3), LIKE_A_PERSON);
    await expect(page.getByRole('menuitem', { name: item })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' })).toBeFocused();
  };
  const choose = async (menu: Locator, item: string) => {
    await ask(item);
    await page.keyboard.press('Escape');
    await expect(menu, 'nothing happened, and the focus is back').toBeFocused();
    await ask(item);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
  };
  await tabTo(page, press('Agents'), 'back');
  await page.keyboard.press('Enter');
  const ada = agents.getByRole('button', { name: 'Ada: more' });
  await tabTo(page, ada);
  await choose(ada, 'Remove');
  await expect(agents.getByRole('listitem')).toHaveCount(1);
  await expect(agents.getByRole('button', { name: 'Bo: more' }), 'the focus stays in the list').toBeFocused();
  await tabTo(page, press('Room: more'), 'back');
  await choose(press('Room: more'), 'Delete room');
  await tabTo(page, page.getByText('Recently deleted (1)'));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation', { name: 'Rooms and chats' }).getByRole('link')).toHaveCount(2);
});

test('NFR-UX-001: “?” shows every shortcut, unless it is switched off; the account menu always does', async ({
  page,
  signInAs,
  expectAccessible,
}) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await page.goto(`/rooms/${room.id}`);
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await tabTo(page, composer(page));
  await page.keyboard.type('Why?');
  await expect(composer(page)).toHaveValue('Why?');
  await page.keyboard.press('Tab');
  await page.keyboard.press('?');
  await expect(sheet).toContainText('Move the room, chat or agent that has the focus');
  await expectAccessible();
  await tabTo(page, sheet.getByRole('switch'));
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await page.keyboard.press('?');
  await tabTo(page, page.getByRole('button', { name: /^Account/ }), 'back');
  await page.keyboard.press('Enter');
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.type('Key', LIKE_A_PERSON);
  await expect(page.getByRole('menuitem', { name: 'Keyboard shortcuts' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(sheet).toBeVisible();
});

test('a screen reader hears who works and who has finished, not each word', async ({ page, signInAs, modelServer }) => {
  modelServer.setRules([
    { match: { system: 'You are Ada' }, behaviour: { text: 'one two three four', hang: 'mid_stream', afterTokens: 3 } },
  ]);
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  await page.goto(`/rooms/${room.id}`);
  const region = page.getByTestId('announcement');
  const heard = await region.evaluateHandle((node) => {
    const texts: string[] = [];
    const observe = () => texts.push((node as HTMLElement).innerText);
    new MutationObserver(observe).observe(node, { childList: true, characterData: true, subtree: true });
    return texts;
  });
  await composer(page).fill('Go');
  await page.keyboard.press('Enter');
  await expect(card(page, 'Ada')).toContainText('one two three');
  await expect(region).toHaveText('Ada is working.');
  await expect(region).toHaveRole('status');
  await page.getByRole('button', { name: 'Skip Ada' }).press('Enter');
  await expect(region).toHaveText(/Bo has finished, 2 of 2\.$/);
  expect((await heard.jsonValue()).join(' ')).toMatch(
    /^Ada is working\. Ada was skipped, 1 of 2\. (Bo is working\. )?Bo has finished, 2 of 2\.$/,
  );
  await expect(card(page, 'Ada').locator('[aria-live], [role=status], [role=log]')).toHaveCount(0);
});

/** Goes there by Tab, or by Shift+Tab, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator, direction: 'on' | 'back' = 'on'): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((node) => node === document.activeElement)) return;
    await page.keyboard.press(direction === 'on' ? 'Tab' : 'Shift+Tab');
  }
  await expect(target).toBeFocused();
}
