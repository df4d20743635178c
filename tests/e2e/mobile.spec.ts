import { createRoom } from '../support/rooms.ts';
import { card, composer, runBar, send, someone } from './support/actions.ts';
import { expect, test } from './support/test.ts';

test.skip(({ isMobile }) => !isMobile, 'The wide screen has the other journeys');

test('AT-013, UI-003: at 390 pixels a person chats, switches the mode, sends and reads every step', async ({
  page,
  signInAs,
  modelServer,
}) => {
  const wide = `| ${Array.from({ length: 12 }, (_, n) => `column ${n}`).join(' | ')} |\n|${'---|'.repeat(12)}\n| ${'1 | '.repeat(12)}\n\n\`\`\`\n${'x'.repeat(300)}\n\`\`\``;
  modelServer.setRules([{ match: { system: 'You are Ada' }, behaviour: { text: wide } }]);
  const client = await signInAs(someone());
  await createRoom(client, { name: 'Pocket', agents: ['Ada', 'Bo'] });
  await page.goto('/');
  await page.getByRole('button', { name: 'Open the sidebar' }).tap();
  await page
    .getByRole('dialog')
    .getByRole('link', { name: /Pocket/ })
    .tap();
  await expect(page.getByRole('heading', { name: 'Pocket' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.getByRole('button', { name: 'Mode: Manual' }).tap();
  await page.getByRole('button', { name: /^Roundtable/ }).tap();
  await expect(page.getByText('Roundtable mode applies on next send.')).toBeVisible();

  await composer(page).fill('Go');
  await composer(page).press('Enter');
  await expect(composer(page)).toHaveValue('Go\n');
  await send(page, 'Go round');
  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
  await expect(card(page, 'Bo')).toHaveAccessibleName('Bo, finished');
  await expect(runBar(page)).toHaveCount(0);
  await card(page, 'Ada').scrollIntoViewIfNeeded();
  await expect(card(page, 'Ada').getByText('Mode: Roundtable')).toBeVisible();
  await expect(composer(page)).toBeInViewport();
  expect(await page.evaluate(() => document.documentElement.scrollWidth), 'nothing sticks out').toBeLessThanOrEqual(
    390,
  );

  await page.getByRole('button', { name: 'Agents', exact: true }).tap();
  await expect(page.getByRole('dialog', { name: 'Agents' }).getByRole('button', { name: 'Bo: more' })).toBeVisible();
});

test('AT-013: what a finger has to hit is 44 pixels high', async ({ page, signInAs }) => {
  const client = await signInAs(someone());
  const room = await createRoom(client, { agents: ['Ada'] });
  await page.goto(`/rooms/${room.id}`);
  await send(page, '@Ada hello');
  await expect(card(page, 'Ada')).toHaveAccessibleName('Ada, finished');
  await expect(runBar(page)).toHaveCount(0);
  const small = await page.locator('button:visible, a:visible:not(.sr-only)').evaluateAll((nodes) =>
    nodes
      .map((node) => ({ name: node.getAttribute('aria-label') ?? node.textContent, box: node.getBoundingClientRect() }))
      .filter(({ box }) => box.height > 1 && (box.height < 43.5 || box.width < 43.5))
      .map(({ name, box }) => `${name}: ${box.width} × ${box.height}`),
  );
  expect(small).toEqual([]);
});
