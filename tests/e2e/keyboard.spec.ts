import { createRoom } from '../support/rooms.ts';
import { card, composer, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test.skip(({ isMobile }) => isMobile, 'A phone has no keyboard');

test('NFR-UX-001: from home to an answer with the keyboard alone, mention included', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  await createRoom(client, { name: 'Keys', agents: ['Ada', 'Bo Lin', 'Cy'] });
  await page.goto('/');
  const link = page.getByRole('navigation').getByRole('link', { name: /Keys/ });
  for (
    let presses = 0;
    presses < 20 && !(await link.evaluate((node) => node === document.activeElement));
    presses += 1
  ) {
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Keys' })).toBeVisible();
  for (let presses = 0; presses < 40; presses += 1) {
    if (await composer(page).evaluate((node) => node === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }

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

test('a screen reader hears who has finished, not each word', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { mode: 'roundtable', agents: ['Ada', 'Bo'] });
  await page.goto(`/rooms/${room.id}`);
  await composer(page).fill('Go');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Bo has finished, 2 of 2.' })).toBeAttached();
  await expect(card(page, 'Ada').locator('[aria-live], [role=status], [role=log]')).toHaveCount(0);
});
